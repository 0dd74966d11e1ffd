"""A lab service: a program started in the foreground in a folder of its own, on a free port, and known to be ours."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from secrets import randbelow
from types import TracebackType
from typing import Self

# Ports of ours are looked for above those with names in common use, and below 32768, where Linux begins with those of connections.
_LOWEST, _BELOW, _TRIES = 12_000, 32_000, 200


class NotInstalled(Exception):
    """A program the service needs is not on this machine. `make lab` installs it."""


class DidNotStart(Exception):
    """The service ended or did not answer in time; carries the end of its output."""


def find(program: str) -> str:
    """Return the path of `program`, also looked for where Debian keeps servers; raises `NotInstalled`."""
    found = shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin:/usr/local/sbin:/usr/lib/postgresql/15/bin")
    if found is None:
        raise NotInstalled(f"{program} is not installed: run `make lab`")
    return found


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """Return a port on 127.0.0.1 that is free now: TCP, or UDP for `SOCK_DGRAM`. Check that *our* process answers on it before use.

    It is none of those that Linux gives to connections that go out: one of these would have taken it before the program starts.
    """
    for _ in range(_TRIES):
        port = _LOWEST + randbelow(_BELOW - _LOWEST)
        with socket.socket(type=kind) as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError(f"none of {_TRIES} ports of 127.0.0.1 that were tried is free")


class Service(ABC):
    """Started by `with`: makes a folder, starts the program, waits until it answers, and stops and removes all of it at the end.

    `within` says how its arguments become those by which it runs somewhere else than others do, such as beside a log of its own.
    `address` is only ever on 127.0.0.1. A drill refuses anything that is not such an object, so that it never breaks a real system.
    """

    name: str

    def __init__(self) -> None:
        self.port = free_port()
        self.within: Callable[[Sequence[str]], list[str]] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None

    @abstractmethod
    def command(self) -> list[str]:
        """Write what the program needs into `folder` and return its argument list; it must stay in the foreground."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether the service speaks its protocol at its address yet; False while it does not."""

    @property
    def folder(self) -> Path:
        """The service's own folder; exists while it runs."""
        assert self._folder is not None, "the service has not been started"
        return self._folder

    @property
    def pid(self) -> int:
        """The process we started."""
        assert self._process is not None, "the service has not been started"
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process we started is still alive."""
        return self._process is not None and self._process.poll() is None

    def environment(self) -> dict[str, str]:
        """Return the program's environment."""
        return dict(os.environ)

    def start(self, *, within: float = 20.0) -> None:
        """Start the program and wait until it answers; raises `NotInstalled` or `DidNotStart`."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix=f"upheld-lab-{self.name}-"))
        argv = self.command()
        if self.within is not None:
            argv = self.within(argv)
        log = (self.folder / "output.log").open("ab")
        self._process = subprocess.Popen(
            argv, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=self.environment(), start_new_session=True
        )
        log.close()
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            if self.answers():
                return
            time.sleep(0.05)
        said = self.output()[-2000:]
        self.stop()
        raise DidNotStart(f"{self.name} did not answer within {within} s: {said}")

    def output(self) -> str:
        """Return what the program has printed."""
        path = self.folder / "output.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""

    def stop(self) -> None:
        """End the program and its children; the folder stays for `start` to be called again."""
        if self._process is None:
            return
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait(timeout=10)
        self._process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
