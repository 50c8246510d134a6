# Sourced by ./test and ./quickstart: installs the Debian packages that are missing, and says which.

muster_packages_build="cmake ninja-build gcc libc6-dev pkg-config
    libzmq3-dev libsqlite3-dev libconfig-dev libjansson-dev libutf8proc-dev libsodium-dev
    libcurl4-openssl-dev libsmartcols-dev libsystemd-dev libxml2-dev libzip-dev libxlsxwriter-dev libcsv-dev tzdata scdoc gettext"
muster_packages_deb="dpkg-dev file"
muster_packages_test="libcmocka-dev python3 python3-zmq python3-jsonschema python3-aiosmtpd openssl valgrind sqlite3 zsh groff-base tmux"
muster_packages_full="lintian mmdebstrap"
muster_packages_bench="libcmocka-dev python3 python3-zmq python3-aiosmtpd"

# muster_install GROUP...: build, deb (to make packages), test, full (the long tests)
muster_install() {
    local group name missing=""
    for group in "$@"; do
        local list="muster_packages_$group"
        for name in ${!list}; do
            dpkg-query -W -f '${db:Status-Status}\n' "$name" 2>/dev/null | grep -qx installed ||
                missing="$missing $name"
        done
    done
    [ -n "$missing" ] || return 0
    echo "== installing what is missing:$missing"
    local sudo=""
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || {
            echo "these packages are missing, and only root can install them:$missing" >&2
            return 1
        }
        sudo=sudo
    fi
    # What apt says is of interest only if it fails.
    local said
    said=$(mktemp)
    # shellcheck disable=SC2086 # a list of names
    if ! $sudo env DEBIAN_FRONTEND=noninteractive sh -c '
        apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"' sh $missing >"$said" 2>&1; then
        cat "$said" >&2
        rm -f "$said"
        return 1
    fi
    rm -f "$said"
}
