"""What git prints -> commits, who landed them, their reviews; and rows of repositories, commits and releases."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from upheld.evidence.table import Row, Value
from upheld.sources.git.forge import Review
from upheld.sources.git.get import FIELDS, MARK, TAG_FIELDS

SIGNATURES = {"G": "good", "U": "unknown key", "X": "expired", "Y": "expired", "R": "bad", "B": "bad", "E": "unknown key", "N": "none"}
VERSION = re.compile(r"^(?:[A-Za-z][\w-]*[-_/])?[vV]?\d+(?:\.\d+)*(?:[-.+_]?[A-Za-z0-9]+)*$")
MAIL = re.compile(r"<([^<>]+)>")
APPROVING = frozenset({"reviewed-by", "approved-by"})
TITLE_LENGTH = 120


@dataclass(frozen=True)
class Commit:
    """One commit as git prints it; times are as it claims, None where they are no dates."""

    oid: str
    parents: tuple[str, ...]
    author: str
    committer: str
    authored_at: datetime | None
    committed_at: datetime | None
    title: str
    co_authors: tuple[str, ...]
    reviewers: tuple[str, ...]
    changes: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    branch: str = ""
    landed_by: str | None = None
    landed_in: str = ""


@dataclass(frozen=True)
class Tag:
    """One tag; tagger and time are None for a lightweight one."""

    name: str
    oid: str
    tagger: str | None
    tagged_at: datetime | None
    signed: bool


def commits(text: str) -> dict[str, Commit]:
    """Return the commits of `Clone.log`, newest first, by object id."""
    words = text.split("\0")
    found = {}
    for at in range(0, len(words) - len(FIELDS) + 1, len(FIELDS)):
        oid, parents, author, committer, authored, committed, title, trailers = words[at : at + len(FIELDS)]
        named = list(_trailers(trailers))
        found[oid.strip()] = Commit(
            oid.strip(),
            tuple(parents.split()),
            _mail(author),
            _mail(committer),
            instant(authored),
            instant(committed),
            printable(title)[:TITLE_LENGTH],
            tuple(mail for word, mail in named if word == "co-authored-by"),
            tuple(mail for word, mail in named if word in APPROVING),
            tuple(value for word, value in named if word == "change"),
            tuple(value for word, value in named if word == "label"),
        )
    return found


def _trailers(text: str) -> Iterator[tuple[str, str]]:
    for line in text.split("\n"):
        word, colon, value = line.partition(":")
        mail = MAIL.search(value)
        if colon and (mail or value.strip()):
            yield word.strip().lower(), _mail(mail[1] if mail else value)


def _mail(text: str) -> str:
    return printable(text.strip().lower()) or "nobody"


def printable(text: str) -> str:
    """Return `text` with control characters made visible, so that a name cannot move a terminal's cursor."""
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii") for letter in text)


def instant(text: str) -> datetime | None:
    """Seconds since 1970, as commits claim them, as an instant; None where no calendar has it.

    >>> instant("-1"), instant("99999999999999")
    (datetime.datetime(1969, 12, 31, 23, 59, 59, tzinfo=datetime.timezone.utc), None)
    """
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def landed(found: Mapping[str, Commit], heads: Mapping[str, str]) -> dict[str, Commit]:
    """Return `found` with the branch of each, and who brought it there: the committer of the first-parent commit it came in with."""
    placed: dict[str, Commit] = {}
    for branch, head in heads.items():
        for step in reversed(list(_first_parents(found, head))):
            for commit in _brought(found, step, placed):
                placed[commit.oid] = replace(commit, branch=branch, landed_by=found[step].committer, landed_in=step)
    return placed


def _first_parents(found: Mapping[str, Commit], head: str) -> Iterator[str]:
    at: str | None = head
    while at is not None and at in found:
        yield at
        at = found[at].parents[0] if found[at].parents else None


def _brought(found: Mapping[str, Commit], step: str, placed: Mapping[str, Commit]) -> list[Commit]:
    """The commits reachable from `step` that were not there before it."""
    waiting, fresh = [step], dict[str, Commit]()
    while waiting:
        oid = waiting.pop()
        if oid in found and oid not in placed and oid not in fresh:
            fresh[oid] = found[oid]
            waiting.extend(found[oid].parents)
    return list(fresh.values())


def changing_merges(text: str) -> set[str]:
    """Return the merges of `Clone.merges_with_changes` that change something: those with files after them."""
    found, oid = set(), ""
    for line in text.split("\n"):
        if line.startswith(":"):
            found.add(oid)
        elif line:
            oid = line.strip()
    return found


def signature_words(text: str) -> dict[str, str]:
    """Return how the signature of each commit verifies, in the table's words."""
    pairs = (line.split(" ", 1) for line in text.split("\n") if " " in line)
    return {oid: SIGNATURES.get(letter.strip(), "unknown key") for oid, letter in pairs}


@dataclass(frozen=True)
class Known:
    """What is kept of a commit from one collection to the next: its verification, and when it was first seen."""

    seen_at: datetime
    signature: str | None
    is_merge: bool


def commit_row(repository: str, commit: Commit, known: Known, reviews: Sequence[Review], labels: Iterable[str] = (), *, told: bool) -> Row:
    """Return the row of `commit`. `told`: whether all its reviews and `labels` can be known; if not, none found is unknown."""
    # A trailer is part of the commit, so that it was there when the commit was first seen, whatever the commit claims about time.
    in_trailers = min(filter(None, [commit.committed_at, known.seen_at])) if commit.reviewers else None
    approvers = sorted({*commit.reviewers, *(review.by for review in reviews)})
    labelled = sorted({*commit.labels, *labels})
    times = [at for at in (in_trailers, *(review.at for review in reviews)) if at is not None]
    row: dict[str, Value] = {
        "id": f"{repository}/{commit.oid}",
        "repository_id": repository,
        "oid": commit.oid,
        "branch": commit.branch,
        "title": commit.title,
        "author": commit.author,
        "authors": sorted({commit.author, *commit.co_authors}),
        "committer": commit.committer,
        "authored_at": commit.authored_at,
        "committed_at": commit.committed_at,
        "seen_at": known.seen_at,
        "landed_by": commit.landed_by,
        "approvers": approvers if approvers or told else None,
        "approved_at": min(times) if times else None,
        "signature": known.signature,
        "is_merge": known.is_merge,
        "changes": sorted(set(commit.changes)),
        "labels": labelled if labelled or told else None,
    }
    return row


def tags(text: str) -> list[Tag]:
    """Return the tags of `Clone.tags` that are versions and name a commit."""
    found, words = [], text.split("\0")
    for at in range(0, len(words) - len(TAG_FIELDS), len(TAG_FIELDS)):
        name, oid, target, kind, tagger, tagged, signature = words[at : at + len(TAG_FIELDS)]
        name = name.strip("\n")
        if VERSION.match(name) and kind in {"commit", "tag"}:
            found.append(Tag(printable(name), target or oid, _mail(tagger) if tagger else None, instant(tagged), bool(signature.strip())))
    return found


def release_row(repository: str, tag: Tag, signature: str | None) -> Row:
    """Return the row of `tag`."""
    return {
        "id": f"{repository}/{tag.name}",
        "repository_id": repository,
        "tag": tag.name,
        "oid": tag.oid,
        "tagged_by": tag.tagger,
        "tagged_at": tag.tagged_at,
        "signature": signature,
    }


def known_commits(rows: Iterable[Row]) -> dict[str, Known]:
    """Return what the last collection's rows of commits keep, by object id."""
    found = {}
    for row in rows:
        seen_at, signature = row.get("seen_at"), row.get("signature")
        if isinstance(seen_at, datetime):
            found[str(row["oid"])] = Known(seen_at, str(signature) if signature is not None else None, row.get("is_merge") is True)
    return found


def code_file_rows(repository: str, listed: str, changed: str) -> Iterator[Row]:
    """Yield a row for each file of `Clone.files` that `Clone.changed_files` names, with the newest commit that changed it."""
    newest = dict[str, tuple[str, datetime | None]]()
    commit: tuple[str, datetime | None] = ("", None)
    for word in changed.split("\0"):
        said = word.lstrip("\n")
        if said.startswith(MARK):
            oid, _, at = said.removeprefix(MARK).partition(" ")
            commit = (oid, instant(at))
        elif said:
            newest.setdefault(said, commit)
    for path in listed.split("\0"):
        if path in newest:
            name, (oid, changed_at) = printable(path), newest[path]
            suffix = "." + name.rpartition("/")[2].rpartition(".")[2].lower() if "." in name.rpartition("/")[2] else ""
            yield {
                "id": f"{repository}/{name}",
                "repository_id": repository,
                "path": name,
                "suffix": suffix,
                "changed_in": oid,
                "changed_at": changed_at,
            }
