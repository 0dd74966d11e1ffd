"""Drawing a sample that anybody can draw again: from a seed and the population's digest, with SHA-256 and nothing else. Pure."""

import re
from collections.abc import Iterable, Sequence
from hashlib import sha256

SEED = re.compile(r"[0-9a-f]{32,64}")


def population_digest(subjects: Iterable[str]) -> str:
    """Return SHA-256, in hex, of `subjects` in order of their bytes, each followed by a line feed.

    A line feed within a subject counts as U+240A, so that two populations never read the same.
    """
    return sha256(b"".join(_line(subject) + b"\n" for subject in sorted(subjects, key=str.encode))).hexdigest()


def draw(seed: str, digest: str, subjects: Iterable[str], size: int) -> Sequence[str]:
    """Return `size` of `subjects`, all of them if there are fewer: those whose ticket is lowest, in that order.

    A subject's ticket is SHA-256, in hex, of `seed`, a space, `digest`, a space and the subject.
    """
    return sorted(subjects, key=lambda subject: ticket(seed, digest, subject))[:size]


def ticket(seed: str, digest: str, subject: str) -> str:
    """Return the ticket of `subject`, in hex."""
    return sha256(f"{seed} {digest} ".encode() + _line(subject)).hexdigest()


def _line(subject: str) -> bytes:
    return subject.replace("\n", "\u240a").encode()
