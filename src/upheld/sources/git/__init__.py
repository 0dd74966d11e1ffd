"""Source kind `git`: who changed what, who let it in, and who looked at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from upheld.evidence.collection import Collecting
from upheld.evidence.table import Row
from upheld.sources.git.forge import Request, labels, requests, reviews
from upheld.sources.git.get import Clone, opened
from upheld.sources.git.shape import (
    Commit,
    Known,
    Tag,
    changing_merges,
    code_file_rows,
    commit_row,
    commits,
    known_commits,
    landed,
    release_row,
    signature_words,
    tags,
)
from upheld.sources.source import Misconfigured, Setting, SourceError

AT_A_TIME = 200
TRAILERS = "trailers"


@dataclass(frozen=True)
class Repository:
    """One repository and the branches of it on which every commit must be reviewed."""

    place: str
    name: str
    system: str
    protected: tuple[str, ...]
    reviews: str
    settings: Mapping[str, str]

    def _clone(self) -> Clone:
        given = self.settings
        return opened(
            self.place,
            fetch=given["fetch"] == "yes",
            cache=given["cache"],
            signers=given["allowed_signers"],
            gnupg_home=given["gnupg_home"],
            token=given["token"],
            patience=float(given["patience"]),
        )

    def test(self) -> str:
        """Return the protected branches that are there; raises `SourceError` when none is."""
        clone = self._clone()
        found = clone.branches(self.protected)
        if not found:
            raise SourceError(f"{self.place} has no branch {' or '.join(self.protected) or 'that HEAD names'}", permanent=True)
        return f"{self.name} answers; protected: {', '.join(found)}"

    def collect(self, into: Collecting) -> None:
        """Read the branches, every commit on them, and the tags that are versions."""
        clone = self._clone()
        heads = clone.branches(self.protected)
        self._repository(into, heads)
        if "commits" in into.seen:
            self._commits(into, clone, heads)
        if "releases" in into.seen:
            self._releases(into, clone)
        if "code_files" in into.seen:
            self._files(into, clone, heads)

    def _repository(self, into: Collecting, heads: Mapping[str, str]) -> None:
        row: Row = {
            "id": self.name,
            "system_id": self.system,
            "path": self.place,
            "protected_branches": list(heads),
            "head": next(iter(heads.values()), None),
        }
        if "repositories" in into.seen:
            into.rows("repositories", [row])

    def _commits(self, into: Collecting, clone: Clone, heads: Mapping[str, str]) -> None:
        exports, told = self._reviews()
        into.progress("reading commits", 0)
        found = landed(commits(clone.log(list(heads.values()))), heads)
        known = self._known(into, clone, found)
        into.rows(
            "commits",
            (
                commit_row(
                    self.name,
                    commit,
                    known[commit.oid],
                    reviews(exports, commit.oid, commit.landed_in),
                    labels(exports, commit.oid, commit.landed_in),
                    told=told,
                )
                for commit in found.values()
            ),
        )
        if not told:
            why = "where reviews are kept was not told: set reviews to trailers, or to the forge's export"
            into.unsupported("commits", "approvers", why)
            into.unsupported("commits", "labels", why)
        for pattern in self.protected:
            if "*" not in pattern and pattern not in heads:
                into.cut_short("commits", f"branch {pattern} is not there")
        if not heads:
            into.cut_short("commits", "no protected branch is there")
        if clone.is_shallow:
            into.cut_short("commits", "the clone is shallow: its history was cut off")

    def _files(self, into: Collecting, clone: Clone, heads: Mapping[str, str]) -> None:
        head = next(iter(heads.values()), "")
        if not head:
            into.cut_short("code_files", "no protected branch is there")
            return
        if clone.is_shallow:
            into.cut_short("code_files", "the clone is shallow: its history was cut off")
        changed = clone.changed_files(head, int(self.settings["active_days"]))
        into.rows("code_files", code_file_rows(self.name, clone.files(head), changed))

    def _known(self, into: Collecting, clone: Clone, found: Mapping[str, Commit]) -> dict[str, Known]:
        """What was found out about a commit before stays: it cannot change. The rest is verified now, some at a time."""
        known = known_commits(into.known("commits"))
        fresh = [oid for oid in found if oid not in known or known[oid].signature is None]
        merges = [oid for oid in fresh if len(found[oid].parents) > 1]
        changing = changing_merges(clone.merges_with_changes(merges))
        for at in range(0, len(fresh), AT_A_TIME):
            into.progress("verifying signatures", at, len(fresh))
            some = fresh[at : at + AT_A_TIME]
            words = signature_words(clone.signatures(some))
            for oid in some:
                seen_at = known[oid].seen_at if oid in known else into.seen_at
                known[oid] = Known(seen_at, words.get(oid), oid in merges and oid not in changing)
        return known

    def _reviews(self) -> tuple[list[Request], bool]:
        if self.reviews in {"", TRAILERS}:
            return [], self.reviews == TRAILERS
        try:
            return requests(Path(self.reviews).read_text(encoding="utf-8")), True
        except (OSError, UnicodeDecodeError) as error:
            raise SourceError(f"the forge export {self.reviews} could not be read: {error}", permanent=True) from error

    def _releases(self, into: Collecting, clone: Clone) -> None:
        known = {(row["tag"], row["oid"]): row.get("signature") for row in into.known("releases")}
        found = tags(clone.tags())
        into.rows("releases", [release_row(self.name, tag, self._signature(clone, tag, known.get((tag.name, tag.oid)))) for tag in found])

    def _signature(self, clone: Clone, tag: Tag, known: object) -> str:
        if isinstance(known, str):
            return known
        return clone.tag_verifies(tag.name) if tag.signed else "none"


class GitKind:
    """What `upheld source add ... git` needs."""

    name: ClassVar[str] = "git"
    title: ClassVar[str] = "Git repository"
    tables: ClassVar[Sequence[str]] = ("repositories", "commits", "releases", "code_files")
    settings: ClassVar[Sequence[Setting]] = (
        Setting("repository", "folder of a clone or bare repository; or, with fetch=yes, any URL that git can fetch"),
        Setting("fetch", "yes to fetch into a copy of our own first", "no"),
        Setting("name", "what it is called; empty for the last part of its path", ""),
        Setting("system", "systems.id it belongs to; empty for its name", ""),
        Setting("branches", "protected branches, blank between, * allowed; empty for the one that HEAD names", ""),
        Setting("reviews", "where reviews are kept: trailers (Reviewed-by, Approved-by), or a forge's export as JSON; empty if untold", ""),
        Setting("allowed_signers", "file of SSH keys whose signatures are good (ssh-keygen, ALLOWED SIGNERS)", ""),
        Setting("gnupg_home", "GnuPG folder with the keys whose signatures are good", ""),
        Setting("cache", "folder for fetched copies; empty for the user's cache", ""),
        Setting("token", "secret for fetching over HTTPS", "", secret=True),
        Setting("active_days", "how many days back files count as changed lately", "400"),
        Setting("patience", "seconds that one question to git may take", "600"),
    )
    least_rights: ClassVar[str] = "Read on the repository: a deploy key or a token for contents, nothing else."
    notice: ClassVar[str] = ""
    tried: ClassVar[str] = "Repositories on git itself; reviews exported by GitHub and GitLab on recorded shapes only."

    def connect(self, settings: Mapping[str, str]) -> Repository:
        """Return the repository; raises `Misconfigured` for what git could take for an option or for another program."""
        place = settings["repository"]
        if place.startswith("-") or "::" in place:
            raise Misconfigured(f"{place!r} is neither a folder nor a URL")
        if not settings["patience"].isdecimal():
            raise Misconfigured(f"patience {settings['patience']!r} is not a number of seconds")
        if not settings["active_days"].isdecimal():
            raise Misconfigured(f"active_days {settings['active_days']!r} is not a number of days")
        name = settings["name"] or place.rstrip("/").removesuffix("/.git").rpartition("/")[2].removesuffix(".git")
        protected = tuple(settings["branches"].split())
        if any(pattern.startswith("-") for pattern in protected):
            raise Misconfigured("a branch does not begin with -")
        return Repository(place, name, settings["system"] or name, protected, settings["reviews"], settings)


GIT = GitKind()
