#!/usr/bin/env python3
"""What is in the packages, and what their scripts do. dpkg installs into a folder here, without entering it: the scripts
run outside, with DPKG_ROOT; so nothing of this machine is touched."""
import gzip
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import debs

SOURCE = pathlib.Path(__file__).resolve().parents[2]
LIBRARY = "/usr/lib/x86_64-linux-gnu"


def expected(*paths):
    return set(paths)


class Contents(unittest.TestCase):
    def test_there_are_four(self):
        self.assertEqual(sorted(file.name.split("_")[0] for file in debs.FOLDER.glob("*.deb")), debs.NAMES)
        versions = {debs.field(name, "Version") for name in debs.NAMES}
        newest = re.match(r"muster \((.*?)\)", (SOURCE / "packaging/debian/changelog").read_text()).group(1)
        self.assertEqual(versions, {newest}, "the changelog tells the version that is built")

    def test_everything_installed_is_in_one(self):
        """Nothing that `cmake --install` puts on a machine is forgotten, or comes twice."""
        with tempfile.TemporaryDirectory() as folder:
            debs.run(os.environ["CMAKE"], "--install", os.environ["BUILD"], env={**os.environ, "DESTDIR": folder})
            installed = {str(path)[len(folder):] for path in pathlib.Path(folder).rglob("*")
                         if path.is_symlink() or not path.is_dir()}
        packed = [path for name in debs.NAMES for path in debs.contents(name)]
        self.assertEqual(sorted(packed), sorted(installed))
        self.assertEqual(len(packed), len(set(packed)))

    def test_what_each_has(self):
        for name, paths in {
            "musterd": expected("/usr/bin/musterd", "/etc/muster/muster.conf", "/usr/lib/systemd/system/musterd.service",
                                "/usr/lib/sysusers.d/muster.conf", "/usr/lib/tmpfiles.d/muster.conf",
                                "/usr/share/muster/rules/two-new.cfg", "/usr/share/man/man8/musterd.8.gz",
                                "/usr/share/man/man5/muster.conf.5.gz", "/usr/share/man/man5/muster-rules.5.gz"),
            "muster": expected("/usr/bin/muster", "/usr/share/man/man1/muster.1.gz", "/usr/share/man/man1/muster-branch.1.gz",
                               "/usr/share/man/man1/muster-registers.1.gz"),
            "libmuster0": expected(LIBRARY + "/libmuster.so.0", LIBRARY + "/libmuster.so.0.1.0"),
            "libmuster-dev": expected("/usr/include/muster/muster.h", LIBRARY + "/libmuster.so",
                                      LIBRARY + "/pkgconfig/libmuster.pc", "/usr/share/man/man3/libmuster.3.gz",
                                      "/usr/share/man/man3/muster_open.3.gz"),
        }.items():
            there = debs.contents(name)
            with self.subTest(name):
                self.assertEqual(paths - set(there), set())
                self.assertIn("/usr/share/doc/%s/copyright" % name, there)
                self.assertEqual({owner for _, owner, _ in there.values()}, {"root/root"})
                loose = [path for path, (mode, _, _) in there.items() if mode[0] == "-" and mode[5] + mode[8] != "--"]
                self.assertEqual(loose, [], "writable by others than root")

    def test_what_each_needs(self):
        version = debs.field("libmuster0", "Version")
        for name in ("muster", "libmuster-dev"):
            self.assertIn("libmuster0 (= %s)" % version, debs.field(name, "Depends"))
        for library in ("libzmq5", "libsqlite3-0", "libconfig9", "tzdata"):
            self.assertIn(library, debs.field("musterd", "Depends"))
        self.assertNotIn("libmuster0", debs.field("musterd", "Depends"))

    def test_the_library_is_found(self):
        self.assertIn("libmuster 0 libmuster0", debs.script("libmuster0", "shlibs"))
        self.assertIn("activate-noawait ldconfig", debs.script("libmuster0", "triggers"))

    def test_configuration_is_the_administrators(self):
        listed = debs.script("musterd", "conffiles").split()
        self.assertEqual(listed, [path for path in debs.contents("musterd") if path.startswith("/etc/")])

    def test_the_service_runs_what_is_installed(self):
        with tempfile.TemporaryDirectory() as folder:
            debs.run("dpkg-deb", "-x", debs.deb("musterd"), folder)
            unit = (pathlib.Path(folder) / "usr/lib/systemd/system/musterd.service").read_text()
            self.assertIn("ExecStart=/usr/bin/musterd --config /etc/muster/muster.conf\n", unit)
            program = (pathlib.Path(folder) / "usr/bin/musterd").read_bytes()
            self.assertIn(b"/usr/share/muster", program)
            said = debs.run(pathlib.Path(folder) / "usr/bin/musterd", "--config",
                            pathlib.Path(folder) / "etc/muster/muster.conf", "--check-config",
                            env={"MUSTER_DATADIR": folder + "/usr/share/muster", "LC_ALL": "C.UTF-8"})
            self.assertIn("in order", said)

    def test_changelogs_are_compressed(self):
        for name in debs.NAMES:
            self.assertIn("/usr/share/doc/%s/changelog.Debian.gz" % name, debs.contents(name))


@unittest.skipUnless(os.geteuid() == 0 and shutil.which("systemd-sysusers"), "needs root, and systemd's own tools")
class Scripts(unittest.TestCase):
    """dpkg with a root of its own: a new folder with nothing but what dpkg itself needs."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)
        for part in ("var/lib/dpkg/updates", "var/lib/dpkg/info", "etc", "run"):
            (self.root / part).mkdir(parents=True, exist_ok=True)
        (self.root / "var/lib/dpkg/status").touch()
        (self.root / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
        (self.root / "etc/group").write_text("root:x:0:\n")
        self.addCleanup(self.folder.cleanup)

    def dpkg(self, *words):
        debs.run("dpkg", "--root=%s" % self.root, "--force-script-chrootless", "--force-depends", "--log=/dev/null", *words,
                 env={"PATH": os.environ["PATH"], "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"})

    def state(self, name="musterd"):
        done = subprocess.run(["dpkg-query", "--admindir=%s" % (self.root / "var/lib/dpkg"), "-W", "-f", "${db:Status-Abbrev}",
                               name], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        return done.stdout.decode().strip()

    def path(self, name):
        return self.root / name.lstrip("/")

    def test_life_of_the_daemon(self):
        self.dpkg("-i", debs.deb("musterd"))
        self.assertEqual(self.state(), "ii")
        self.assertRegex(self.path("/etc/passwd").read_text(), r"(?m)^muster:x:\d+:\d+:.*:/var/lib/muster:/usr/sbin/nologin$")
        self.assertEqual(self.path("/var/lib/muster").stat().st_mode & 0o7777, 0o700)
        self.assertEqual(self.path("/run/muster").stat().st_mode & 0o7777, 0o750)
        enabled = self.path("/etc/systemd/system/multi-user.target.wants/musterd.service")
        self.assertTrue(enabled.is_symlink())

        # An administrator's changes, and a ledger.
        conf = self.path("/etc/muster/muster.conf")
        conf.write_text(conf.read_text() + "# ours\n")
        enabled.unlink()
        for name in ("ledger.db", "server.key"):
            self.path("/var/lib/muster/" + name).write_text("kept")

        self.dpkg("-i", debs.deb("musterd"))
        self.assertTrue(conf.read_text().endswith("# ours\n"), "an upgrade leaves the configuration alone")
        self.assertFalse(enabled.is_symlink(), "an upgrade does not enable what was disabled")
        self.assertEqual(self.path("/var/lib/muster/ledger.db").read_text(), "kept")

        self.dpkg("-r", "musterd")
        self.assertEqual(self.state(), "rc")
        self.assertFalse(self.path("/usr/bin/musterd").exists())
        self.assertTrue(conf.exists())
        self.assertEqual(self.path("/var/lib/muster/server.key").read_text(), "kept", "removing keeps the data")

        self.dpkg("-P", "musterd")
        self.assertIn(self.state(), ("", "un"))
        for gone in ("/etc/muster", "/var/lib/muster", "/run/muster", "/usr/share/muster", "/usr/share/doc/musterd"):
            self.assertFalse(self.path(gone).exists(), gone + " is left after purging")

    def test_purging_leaves_what_is_the_administrators(self):
        self.dpkg("-i", debs.deb("musterd"))
        own = self.path("/etc/muster/my-rules.cfg")
        own.write_text("rules = ();\n")
        self.dpkg("-P", "musterd")
        self.assertTrue(own.exists())
        self.assertFalse(self.path("/etc/muster/muster.conf").exists())

    def test_installed_again_finds_its_data(self):
        self.dpkg("-i", debs.deb("musterd"))
        self.path("/var/lib/muster/ledger.db").write_text("kept")
        self.dpkg("-r", "musterd")
        self.dpkg("-i", debs.deb("musterd"))
        self.assertEqual(self.path("/var/lib/muster/ledger.db").read_text(), "kept")
        self.assertTrue(self.path("/etc/systemd/system/multi-user.target.wants/musterd.service").is_symlink())

    def test_all_of_them(self):
        self.dpkg("-i", *(debs.deb(name) for name in debs.NAMES))
        version = debs.run(self.path("/usr/bin/muster"), "--version", env={"LD_LIBRARY_PATH": self.path(LIBRARY)})
        self.assertEqual(version, "muster %s\n" % debs.field("muster", "Version").split("-")[0])
        page = self.path("/usr/share/man/man1/muster-branch.1.gz")
        self.assertIn(b"muster branch found", gzip.decompress(page.read_bytes()).replace(b"\\-", b"-"))
        self.dpkg("-P", *debs.NAMES)
        left = [path for path in self.root.rglob("*muster*") if not path.is_dir()]
        self.assertEqual([path for path in left if "var/lib/dpkg" not in str(path)], [])


if __name__ == "__main__":
    unittest.main()
