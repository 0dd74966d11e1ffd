"""Asks a host what time it is, a few times."""

import secrets
import socket
import time
from dataclasses import dataclass

from upheld.sources.sntp.packet import NotAnAnswer, Sample, answer, question

BETWEEN_SECONDS = 0.05


@dataclass(frozen=True)
class Clock:
    """Whose clock is asked, where."""

    host: str
    port: int
    system: str

    @property
    def name(self) -> str:
        """host:port."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Measured:
    """The sample with the least delay, since the shortest way leaves the least room for error; None with why there is none."""

    clock: Clock
    best: Sample | None
    why: str = ""


def measure(clock: Clock, *, samples: int, seconds: float) -> Measured:
    """Return the best of `samples` exchanges, each waited for `seconds`. A server that asks to be left alone is."""
    found: list[Sample] = []
    why = "it did not answer"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(clock.host, clock.port, type=socket.SOCK_DGRAM)[0]
    except OSError as error:
        return Measured(clock, None, f"its name is not known: {error.strerror}")
    with socket.socket(family, kind, protocol) as sock:
        for number in range(samples):
            time.sleep(BETWEEN_SECONDS if number else 0)
            try:
                sample = _exchange(sock, address, seconds)
            except (OSError, NotAnAnswer) as error:
                why = str(error) or "it did not answer in time"
                continue
            if sample.kiss:
                why = f"it asked to be left alone ({sample.kiss})"
                break
            found.append(sample)
    best = min(found, key=lambda sample: sample.delay, default=None)
    return Measured(clock, best, "" if best else why)


def _exchange(sock: socket.socket, address: tuple[object, ...], seconds: float) -> Sample:
    """Ask once; packets that do not answer this question are dropped until time is up. Raises `OSError` or `NotAnAnswer`."""
    nonce = secrets.token_bytes(8)
    sock.connect(address)
    sent_at, started = time.time(), time.perf_counter()
    sock.send(question(nonce))
    while True:
        left = seconds - (time.perf_counter() - started)
        if left <= 0:
            raise NotAnAnswer("no answer to this question came in time")
        sock.settimeout(left)
        packet = sock.recv(1024)
        received_at = sent_at + (time.perf_counter() - started)  # a step of our own clock in between does no harm
        try:
            return answer(packet, nonce, sent_at, received_at)
        except NotAnAnswer:
            continue
