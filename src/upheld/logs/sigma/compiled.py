"""Rules made ready to run, as bytes: read once, kept by the digest of all they came from, and the same on whatever machine runs them."""

import hashlib
import marshal
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import platformdirs

from upheld.logs.sigma.correlation import Correlation, Way
from upheld.logs.sigma.index import Index, index
from upheld.logs.sigma.predicate import Kind, Predicate
from upheld.logs.sigma.rule import Rule, RuleSet

# What is kept is of no use to another release of ours, of Python, or of what reads rules.
_FORM = 6
_READERS = ("pysigma", "pysigma-pipeline-sysmon", "pysigma-pipeline-windows")
_KEPT = 64


class Compiled(NamedTuple):
    """Rules, and which of them an event can meet."""

    ruleset: RuleSet
    plan: Index


def files_in(folders: Iterable[Path]) -> list[Path]:
    """Return the rules' files in `folders` and below, or those named themselves; what is hidden there is none of rules."""
    found: set[Path] = set()
    for each in folders:
        found |= set(_below(each)) if each.is_dir() else {each}
    return sorted(found)


def _below(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        hidden = any(name.startswith(".") for name in path.relative_to(folder).parts)
        # A pipe would be waited for; a broken link is said.
        if path.suffix in (".yml", ".yaml") and not hidden and (path.is_file() or not path.exists()):
            yield path


def shelf() -> Path:
    """Return where rules made ready are kept for this user: they can be made again at any time."""
    return platformdirs.user_cache_path("upheld") / "rules"


def compiled(files: Iterable[Path], folder: Path | None = None) -> Compiled:
    """Return the rules in `files` made ready: from `folder` if they were kept there, else read, and then kept there."""
    chosen = sorted(files)
    name = digest(chosen)
    kept = _kept(folder / name) if folder else None
    if kept is not None:
        return kept
    from upheld.logs.sigma.reading import read_mapped  # noqa: PLC0415  pySigma takes a third of a second that kept rules need not wait for

    ruleset = read_mapped(chosen)
    found = Compiled(ruleset, index([rule.tree for rule in ruleset.rules], ruleset.predicates))
    if folder is not None:
        _keep(folder, name, found)
    return found


def digest(files: Iterable[Path]) -> str:
    """Return the digest of what `files` say, under which names, and of what would read them."""
    said = hashlib.sha256(f"{_FORM} {sys.version_info[:2]} {marshal.version} {[version(each) for each in _READERS]}".encode())
    for path in files:
        try:
            with open(path, "rb", buffering=0) as opened:  # noqa: PTH123  thousands of files, and a path's own way takes twice as long
                read = opened.read()
        except OSError as error:
            read = str(error).encode()
        said.update(b"%d %d " % (len(os.fsencode(path)), len(read)) + os.fsencode(path) + read)
    return said.hexdigest()


def dumped(found: Compiled) -> bytes:
    """Return `found` as bytes that `loaded` reads."""
    rules, correlations, predicates = found.ruleset.rules, found.ruleset.correlations, found.ruleset.predicates
    return marshal.dumps(
        (
            [tuple(each) for each in rules],
            [{name: _simple(value) for name, value in vars(each).items()} for each in correlations],
            [(each.field, each.kind.value, each.argument, each.cased, each.more) for each in predicates],
            found.ruleset.left_out,
            found.ruleset.left_out_ids,
            found.ruleset.no_loss,
            tuple(found.plan),
        )
    )


def loaded(said: bytes) -> Compiled:
    """Return the rules in `said`; raises `ValueError`, `EOFError` or `TypeError` for what `dumped` did not write."""
    rules, correlations, predicates, left_out, ids, no_loss, its_index = marshal.loads(said)  # noqa: S302  it holds values, no code; our own file
    kinds = {kind.value: kind for kind in Kind}
    ruleset = RuleSet(
        rules=[Rule._make(each) for each in rules],
        correlations=[Correlation(**{**each, "way": Way(each["way"])}) for each in correlations],
        predicates=[Predicate(name, kinds[kind], argument, cased, more) for name, kind, argument, cased, more in predicates],
        left_out=left_out,
        left_out_ids=ids,
        no_loss=no_loss,
    )
    return Compiled(ruleset, Index(*its_index))


def _simple(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _simple(each) for key, each in value.items()}
    return value.value if isinstance(value, Way) else value


def _kept(path: Path) -> Compiled | None:
    try:
        found = loaded(path.read_bytes())
        path.touch()  # what was used last is given up last
        return found
    except (OSError, ValueError, EOFError, TypeError, KeyError):
        return None  # not kept, or damaged: they are read again


def _keep(folder: Path, name: str, found: Compiled) -> None:
    """Write it whole or not at all; where nothing can be written the rules are read again the next time."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=folder, delete=False, prefix=".") as aside:
            aside.write(dumped(found))
        Path(aside.name).replace(folder / name)
        for old in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)[:-_KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        return
