"""The packages of a build, for the tests: DEBS is the folder where they are."""
import os
import pathlib
import subprocess

FOLDER = pathlib.Path(os.environ["DEBS"])
NAMES = ["libmuster-dev", "libmuster0", "muster", "musterd"]


def run(*command, **options):
    """Runs a command that must succeed, and returns what it printed."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL, **options)
    text = done.stdout.decode()
    if done.returncode:
        raise AssertionError("%s: status %d\n%s" % (" ".join(map(str, command)), done.returncode, text))
    return text


def deb(name):
    """The package's file; there must be one only."""
    file, = FOLDER.glob(name + "_*.deb")
    return file


def field(name, which):
    return run("dpkg-deb", "-f", deb(name), which).strip()


def contents(name):
    """What is in it but folders: path to (mode, owner, where a link leads)."""
    rows = {}
    for line in run("dpkg-deb", "-c", deb(name)).splitlines():
        mode, owner, _size, _day, _time, path = line.split(None, 5)
        path, _, target = path.partition(" -> ")
        if not mode.startswith("d"):
            rows[path[1:]] = (mode, owner, target)
    return rows


def script(name, which):
    return run("dpkg-deb", "-I", deb(name), which)
