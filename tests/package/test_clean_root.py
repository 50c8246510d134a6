#!/usr/bin/env python3
"""The packages in a fresh Debian 12: installed by apt, the daemon started and used, upgraded over itself, removed, purged.

The fresh Debian is a folder that mmdebstrap makes (root only; it fetches packages as apt on this machine does). No systemd
runs in there, so the daemon is started as its unit would do it: the command line, the user and the limits are read from
the installed unit, but its sandbox is not in force. lintian looks at the packages too, where it is installed.
"""
import configparser
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import debs

WAIT_S = 60
TODAY = time.strftime("%Y-%m-%d")


def needed():
    """The packages of Debian that ours depend on; of alternatives the first."""
    named = ", ".join(debs.field(name, "Depends") for name in debs.NAMES)
    first = {part.split("|")[0].split("(")[0].strip() for part in named.split(",")}
    return sorted(first - set(debs.NAMES))


class Root:
    """A folder with a Debian in it, and what our packages depend on: in there nothing is fetched any more."""

    def __init__(self, folder):
        self.path = pathlib.Path(folder) / "root"
        debs.run("mmdebstrap", "--variant=minbase", "--include=" + ",".join(["man-db", *needed()]),
                 "--aptopt=APT::Install-Recommends \"false\"", "bookworm", self.path)
        self.open()

    def open(self):
        for name in debs.NAMES:
            shutil.copy(debs.deb(name), self.path / "tmp")
        debs.run("mount", "-t", "proc", "proc", self.path / "proc")

    def close(self):
        debs.run("umount", self.path / "proc")

    def run(self, *command):
        return debs.run("chroot", self.path, "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8",
                        "DEBIAN_FRONTEND=noninteractive", *command)

    def install(self, *names):
        self.run("apt-get", "install", "-y", "--no-install-recommends", "--reinstall", "--allow-downgrades",
                 *("/tmp/" + debs.deb(name).name for name in names))

    def has(self, path):
        return (self.path / path.lstrip("/")).exists()


class Service:
    """musterd as its unit starts it."""

    def __init__(self, root):
        self.root = root
        self.unit = configparser.ConfigParser(strict=False, interpolation=None)
        self.unit.optionxform = str
        self.unit.read_string((root.path / "usr/lib/systemd/system/musterd.service").read_text())
        self.process = None

    def start(self):
        service = self.unit["Service"]
        # RuntimeDirectory=: where systemd runs, it is made anew at each start.
        self.root.run("install", "-d", "-o", service["User"], "-g", service["Group"], "-m", service["RuntimeDirectoryMode"],
                      "/run/" + service["RuntimeDirectory"])
        self.process = subprocess.Popen(
            ["chroot", str(self.root.path), "env", "-i", "STATE_DIRECTORY=/var/lib/" + service["StateDirectory"],
             "RUNTIME_DIRECTORY=/run/" + service["RuntimeDirectory"], "prlimit", "--nofile=" + service["LimitNOFILE"],
             "setpriv", "--reuid=" + service["User"], "--regid=" + service["Group"], "--init-groups", "--no-new-privs",
             *service["ExecStart"].split()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        end = time.monotonic() + WAIT_S
        while not self.root.has("/run/muster/musterd.sock"):
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError("musterd did not start: " + self.stop())
            time.sleep(0.05)

    def stop(self):
        """Ends it, and returns what it logged."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        _, log = self.process.communicate(timeout=WAIT_S)
        return log.decode()


def status(root):
    return json.loads(root.run("muster", "status", "--json"))


class CleanRoot(unittest.TestCase):
    @unittest.skipUnless(shutil.which("lintian"), "needs lintian")
    def test_lintian_finds_no_error(self):
        debs.run("lintian", "--allow-root", "--fail-on", "error", *(debs.deb(name) for name in debs.NAMES))

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("mmdebstrap"), "needs root, and mmdebstrap")
    def test_life(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        root = Root(folder.name)
        self.addCleanup(root.close)
        self.live(root)

    def live(self, root):
        root.install("musterd", "muster", "libmuster0")
        service = Service(root)
        self.addCleanup(lambda: service.process and service.stop())
        self.installed(root)
        service.start()
        self.used(root)
        before = status(root)

        # Over itself, running, as an upgrade with systemd would find it; then the new one takes over.
        conf = root.path / "etc/muster/muster.conf"
        conf.write_text(conf.read_text() + "# ours\n")
        root.install("musterd", "muster", "libmuster0")
        self.assertTrue(conf.read_text().endswith("# ours\n"))
        self.assertEqual(service.stop().count("error:"), 0)
        service.start()
        self.assertEqual({key: status(root)[key] for key in ("ledger", "head", "events")},
                         {key: before[key] for key in ("ledger", "head", "events")})
        service.stop()

        root.run("apt-get", "remove", "-y", "musterd")
        self.assertFalse(root.has("/usr/bin/musterd"))
        self.assertTrue(root.has("/var/lib/muster/ledger.db") and root.has("/etc/muster/muster.conf"))
        root.install("musterd")
        service.start()
        self.assertEqual(status(root)["head"], before["head"], "what was removed and installed again has its ledger")
        service.stop()

        root.run("apt-get", "purge", "-y", "musterd", "muster", "libmuster0")
        for gone in ("/var/lib/muster", "/run/muster", "/etc/muster", "/usr/share/muster", "/usr/bin/muster"):
            self.assertFalse(root.has(gone), gone + " is left after purging")
        self.assertNotIn("muster", root.run("dpkg-query", "-W", "-f", "${Package}\n"))

    def installed(self, root):
        self.assertIn("/var/lib/muster", root.run("getent", "passwd", "muster"))
        self.assertEqual(root.run("systemctl", "is-enabled", "musterd.service").strip(), "enabled")
        self.assertEqual(root.run("systemd-analyze", "verify", "/usr/lib/systemd/system/musterd.service"), "")
        root.run("muster", "--version")
        for page in (("8", "musterd"), ("1", "muster-branch"), ("5", "muster.conf")):
            self.assertIn("SEE ALSO", root.run("man", *page))

    def used(self, root):
        said = root.run("muster", "branch", "found", "B-1", "--name", "Harbour", "--form", "general", "--sector", "enterprise",
                        "--area", "450312001", "--committee=no", "--at", TODAY, "--lang", "en")
        self.assertIn("recorded as", said)
        self.assertIn("Harbour", root.run("muster", "list", "branches"))
        self.assertIn("branch-", root.run("muster", "rules"))
        self.assertEqual(status(root)["events"], 1)
        # Its files are the daemon's alone; who is not in the group is told so.
        self.assertEqual((root.path / "var/lib/muster/ledger.db").stat().st_mode & 0o077, 0)
        with self.assertRaisesRegex(AssertionError, "status 5"):
            root.run("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "muster", "status")


if __name__ == "__main__":
    unittest.main()
