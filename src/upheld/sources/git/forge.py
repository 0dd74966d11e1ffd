"""What a forge exported about reviews: pull requests of GitHub, merge requests of GitLab, as one JSON list (docs/sources/git.md)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from upheld.sources.source import Misconfigured


@dataclass(frozen=True)
class Review:
    """One approval: by whom (mail, else the name on the forge), when, and of which commit; the latter two where told."""

    by: str
    at: datetime | None
    of: str | None


@dataclass(frozen=True)
class Request:
    """One pull or merge request: its commits in order, the commits that it became on the branch, its approvals."""

    commits: tuple[str, ...]
    became: tuple[str, ...]
    approvals: tuple[Review, ...]
    labels: tuple[str, ...] = ()

    def of_commit(self, oid: str) -> list[Review]:
        """Return the approvals that cover `oid`: given for it or for a later commit of the request.

        What was pushed after an approval is not covered by it; nor is anything, when the commit that was
        approved is no longer part of the request (it was rewritten after the approval).
        """
        return [review for review in self.approvals if self._covers(review, oid)]

    def _covers(self, review: Review, oid: str) -> bool:
        if review.of is None:
            return True
        if review.of not in self.commits:
            return False
        last = self.commits.index(review.of)
        if oid in self.commits:
            return self.commits.index(oid) <= last
        return last == len(self.commits) - 1  # the merge or squashed commit holds all of them


def requests(text: str) -> list[Request]:
    """Return the requests of an export; raises `Misconfigured` saying what is not as expected."""
    try:
        listed = json.loads(text)
    except ValueError as error:
        raise Misconfigured(f"the forge export is no JSON: {error}") from error
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        raise Misconfigured("the forge export is not a list of pull or merge requests")
    return [_request(item) for item in listed]


def _request(item: Mapping[str, Any]) -> Request:
    commits = [word for entry in item.get("commits") or [] if (word := _oid(entry))]
    became = [item.get(name) for name in ("merge_commit_sha", "squash_commit_sha", "merge_commit_id")]
    head = item.get("sha") or (item.get("head") or {}).get("sha")
    if isinstance(head, str) and not commits:
        commits = [head]
    return Request(tuple(commits), tuple(str(word) for word in became if word), tuple([*_github(item), *_gitlab(item)]), _labels(item))


def _labels(item: Mapping[str, Any]) -> tuple[str, ...]:
    """GitHub lists labels as objects, GitLab as words."""
    named = (entry.get("name") if isinstance(entry, dict) else entry for entry in item.get("labels") or [])
    return tuple(word.lower() for word in named if isinstance(word, str))


def _oid(entry: object) -> str:
    if isinstance(entry, dict):
        entry = entry.get("sha") or entry.get("id") or entry.get("oid")
    return entry if isinstance(entry, str) else ""


def _github(item: Mapping[str, Any]) -> Iterator[Review]:
    """Each person's last review that decides counts: approved, then changes requested, is no approval."""
    last: dict[str, Mapping[str, Any]] = {}
    for review in sorted(item.get("reviews") or [], key=lambda one: str(one.get("submitted_at") or "")):
        if str(review.get("state", "")).upper() in {"APPROVED", "CHANGES_REQUESTED", "DISMISSED"}:
            last[_person(review)] = review
    for by, review in last.items():
        if str(review["state"]).upper() == "APPROVED":
            yield Review(by, _instant(review.get("submitted_at")), review.get("commit_id"))


def _gitlab(item: Mapping[str, Any]) -> Iterator[Review]:
    for approval in item.get("approved_by") or []:
        at = approval.get("approved_at") or item.get("approved_at")
        yield Review(_person(approval), _instant(at), approval.get("commit_id"))


def _person(entry: Mapping[str, Any]) -> str:
    user = entry.get("user") or {}
    return str(user.get("email") or user.get("login") or user.get("username") or "nobody").lower()


def _instant(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def reviews(found: Sequence[Request], oid: str, landed_in: str) -> list[Review]:
    """Return the approvals of the commit `oid` that came to the branch with `landed_in`."""
    return [review for request in found if _holds(request, oid, landed_in) for review in request.of_commit(oid)]


def labels(found: Sequence[Request], oid: str, landed_in: str) -> set[str]:
    """Return the labels of the requests with which the commit `oid` came to the branch, in `landed_in`."""
    return {label for request in found if _holds(request, oid, landed_in) for label in request.labels}


def _holds(request: Request, oid: str, landed_in: str) -> bool:
    return oid in request.commits or oid in request.became or (landed_in in request.became and not request.commits)
