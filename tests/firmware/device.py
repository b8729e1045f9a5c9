"""A firmware in QEMU whose serial line is a port of this machine, and what is expected of it."""

import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple


# Whoever ends this ends its QEMU too.
signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))


class Answer(NamedTuple):
    """What curl was told."""

    status: int
    """0 where there was no answer."""
    fields: dict
    """By their names in lower case."""
    content: bytes


class Device:
    """QEMU with a firmware, once it listens; `with Device(machine, firmware) as device`."""

    def __init__(self, machine, firmware):
        # A port may be taken between asking for it and using it.
        for _ in range(5):
            with socket.socket() as one:
                one.bind(("127.0.0.1", 0))
                self.port = one.getsockname()[1]
            self.qemu = subprocess.Popen(
                ["qemu-system-arm", "-M", machine, "-nographic", "-monitor", "none",
                 "-serial", f"tcp:127.0.0.1:{self.port},server=on,wait=off", "-kernel", firmware],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(200):
                if self.qemu.poll() is not None:
                    break
                try:
                    self.connect().close()
                    return
                except OSError:
                    time.sleep(0.05)
            self.__exit__()
        sys.exit("QEMU does not listen")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.qemu.poll() is not None:
            print("QEMU has ended by itself: the firmware is at fault, or there is no such machine")
        self.qemu.kill()
        self.qemu.wait()

    def connect(self, timeout=60):
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

    def curl(self, *arguments, path="/"):
        """curl's last answer."""
        with tempfile.TemporaryDirectory() as folder:
            run = subprocess.run(
                ["curl", "-sS", "--max-time", "60", "-D", f"{folder}/head", "-o", f"{folder}/content",
                 "-w", "%{http_code}", *arguments, f"http://127.0.0.1:{self.port}{path}"],
                capture_output=True, text=True)
            head, content = read(f"{folder}/head").decode("latin-1"), read(f"{folder}/content")
        fields = {name.lower(): value for name, value in re.findall(r"^([\w-]+): (.*?)\r?$", head, re.M)}
        return Answer(int(run.stdout or 0), fields, content)


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return b""


class Rows:
    """A row for each thing that was tried; where not all are wanted, for those that are wrong."""

    def __init__(self, quiet=False):
        self.quiet, self.passed, self.failed = quiet, 0, 0

    def row(self, what, expected, seen):
        right = expected == seen
        self.passed, self.failed = self.passed + right, self.failed + (not right)
        if not right or not self.quiet:
            verdict = "ok" if right else f"WRONG: not {expected}"
            print(f"{what:<66} {seen!s:<16.16} {verdict}", flush=True)

    def end(self, what):
        """The sum, and the exit status."""
        print(f"{what}: {self.passed} passed, {self.failed} failed")
        sys.exit(self.failed != 0)
