"""Secrets as references: env:NAME, file:PATH or command:PROGRAM ARGUMENTS. What they point to is never stored or shown."""

import os
import subprocess
from pathlib import Path


class NoSecret(ValueError):
    """A reference that leads to no secret; the message says why, and never shows one."""


def resolve(reference: str) -> str:
    """Return the secret that `reference` points to. Raises `NoSecret`.

    env:NAME reads the environment, file:PATH a file that only its owner can read (0600), command:ARGV what a
    program prints. Anything else is refused: a secret is never stored.
    """
    kind, _, rest = reference.partition(":")
    if kind == "env":
        if rest not in os.environ:
            raise NoSecret(f"environment variable {rest} is not set")
        return os.environ[rest]
    if kind == "file":
        return _from_file(Path(rest).expanduser())
    if kind == "command":
        return _from_command(rest)
    raise NoSecret("a secret is given as env:NAME, file:PATH or command:PROGRAM ARGUMENTS, never as itself")


def _from_file(path: Path) -> str:
    try:
        if path.stat().st_mode & 0o077:
            raise NoSecret(f"{path} can be read by others: chmod 600 it")
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        raise NoSecret(f"secret file {path}: {error.strerror}") from error


def _from_command(line: str) -> str:
    words = line.split()
    try:
        answer = subprocess.run(words, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired, IndexError) as error:
        raise NoSecret(f"secret command {words[:1]} did not run: {type(error).__name__}") from error
    if answer.returncode != 0:
        raise NoSecret(f"secret command {words[0]} ended with status {answer.returncode}")
    return answer.stdout.rstrip("\r\n")
