"""Asks detect-secrets: which files a place has, and what lies in them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from upheld.sources.source import SourceError


@dataclass(frozen=True)
class Looked:
    """What was found in a place. `ended_early` says why not all of it was looked through, "" if it was."""

    files: int
    unread: tuple[str, ...]
    found: tuple[dict[str, Any], ...]
    ended_early: str


def files_of(place: Path, patience: float) -> list[str]:
    """Return the files of `place`: those that Git tracks where it is a repository, else every one; links are not followed."""
    if (place / ".git").exists():
        argv = ["git", "-c", "safe.directory=*", "-c", "core.fsmonitor=false", "-C", str(place), "ls-files", "-z"]
        try:
            done = subprocess.run(argv, capture_output=True, timeout=patience, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SourceError(f"git could not list the files of {place}: {error}", permanent=False) from error
        if done.returncode != 0:
            raise SourceError(
                f"git could not list the files of {place}: {done.stderr.decode(errors='replace').strip()[:300]}", permanent=True
            )
        names = [os.fsdecode(name) for name in done.stdout.split(b"\0") if name]
        return [name for name in names if not (place / name).is_symlink() and not (place / name).is_dir()]
    return sorted(_walked(place))


def _walked(place: Path) -> Iterator[str]:
    for folder, _, names in os.walk(place):
        for name in names:
            path = Path(folder) / name
            if not path.is_symlink() and path.is_file():
                yield str(path.relative_to(place))


def look(place: Path, names: list[str], key: bytes, most_bytes: int, patience: float) -> Looked:
    """Look through the files `names` of `place`, within `patience` seconds in all; what came before the end is kept."""
    told = orjson.dumps({"key": key.hex(), "folder": str(place), "most_bytes": most_bytes})
    printable = [name for name in names if name.isprintable()]
    given = b"\n".join([told, *(orjson.dumps(name) for name in printable)]) + b"\n"
    argv = [sys.executable, "-m", "upheld.sources.secrets.scanning"]
    ended_early = ""
    try:
        done = subprocess.run(argv, input=given, capture_output=True, timeout=patience, check=False)
        printed = done.stdout
        if done.returncode != 0:
            ended_early = f"the scanner failed with status {done.returncode}"
    except subprocess.TimeoutExpired as error:
        printed, ended_early = error.stdout or b"", f"it took longer than {patience:.0f} s"
    answers = [orjson.loads(line) for line in printed.split(b"\n") if line.endswith(b"}")]
    unread = [answer["file"] for answer in answers if answer["unread"]] + [name for name in names if not name.isprintable()]
    found = [{"file": answer["file"], **each} for answer in answers for each in answer["found"]]
    if not ended_early and len(answers) < len(printable):
        ended_early = "the scanner ended before its last file"
    return Looked(len(answers), tuple(unread), tuple(found), ended_early)
