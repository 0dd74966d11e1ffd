"""Source code of the sample company: repositories, reviewed commits and signed releases."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from upheld.evidence.table import Row, Value
from upheld.sources.sample.calendar import Calendar
from upheld.sources.sample.dice import Dice
from upheld.sources.sample.staff import Person, Staff

REPOSITORIES = ("storefront", "billing", "infrastructure", "website")
COMMITS = 45
TESTS = (("unit", "all units"), ("security", "crafted input"), ("security", "rights of each role"), ("security", "headers"))
VERBS = ("Keep", "Explain", "Refuse", "Show", "Test", "Simplify", "Retry", "Count", "Name", "Round")
THINGS = (
    "empty orders", "the delivery date", "foreign addresses", "expired vouchers", "the search page", "late payments", "a failed import",
    "refunds", "customers without mail", "two taxes on one line", "the export", "long names", "the printed invoice", "a slow query",
)  # fmt: skip


def commit_id(repository: str, number: int) -> str:
    """Return the key of the commit with that number; 0 is the last one before the first collection."""
    return f"{repository}/{number + 1000}"


def repository_rows(dice: Dice, calendar: Calendar) -> Iterator[Row]:
    """Yield `repositories`."""
    for name in REPOSITORIES:
        newest = max(number for number, _ in landed(dice, calendar, name))
        yield {
            "id": name,
            "system_id": "git",
            "path": f"git.example.org/{name}",
            "protected_branches": ["main"],
            "head": dice.token(f"commit/{name}/{newest}", 40),
        }


def commit_rows(dice: Dice, calendar: Calendar, staff: Staff) -> Iterator[Row]:
    """Yield `commits`: each approved by another engineer before it landed."""
    engineers = [person for person in staff.people if _writes(person, calendar)]
    for name in REPOSITORIES:
        for number, at in landed(dice, calendar, name):
            key = f"{name}/{number}"
            author = dice.pick(f"author/{key}", engineers)
            approver = dice.pick(f"approver/{key}", [person for person in engineers if person is not author])
            yield _commit(dice, name, number, at, author, approver)


def _writes(person: Person, calendar: Calendar) -> bool:
    """Whether the person has written code for as long as it is looked back, and still does: so that the past stays as it was."""
    writer = person.role in ("Software engineer", "Head of technology") and person.number < 100
    return writer and person.ended_on is None and person.started_on <= calendar.day(2 * COMMITS + 10)


def landed(dice: Dice, calendar: Calendar, repository: str) -> Iterator[tuple[int, datetime]]:
    """Yield the number of each commit of `repository`, and when it landed, oldest first."""
    return calendar.series(dice.number(f"landed/{repository}", 2, 40) / 24, 2, COMMITS)


def _commit(dice: Dice, repository: str, number: int, at: datetime, author: Person, approver: Person) -> dict[str, Value]:
    oid = dice.token(f"commit/{repository}/{number}", 40)
    return {
        "id": commit_id(repository, number),
        "repository_id": repository,
        "oid": oid,
        "branch": "main",
        "title": f"{dice.pick(f'verb/{oid}', VERBS)} {dice.pick(f'thing/{oid}', THINGS)}",
        "author": author.mail,
        "authors": [author.mail],
        "committer": approver.mail,
        "authored_at": at - timedelta(hours=30),
        "committed_at": at - timedelta(minutes=5),
        "seen_at": at,
        "landed_by": approver.mail,
        "approvers": [approver.mail],
        "approved_at": at - timedelta(hours=2),
        "signature": "good",
        "is_merge": False,
        "changes": [],
        "labels": [],
    }


def release_rows(dice: Dice, calendar: Calendar) -> Iterator[Row]:
    """Yield `releases`: one every three weeks, signed."""
    for name in REPOSITORIES:
        for number, at in calendar.series(dice.number(f"release/{name}", 1, 20), 21, 5):
            yield {
                "id": f"{name}/v1.{number + 20}",
                "repository_id": name,
                "tag": f"v1.{number + 20}",
                "oid": dice.token(f"release/{name}/{number}", 40),
                "tagged_by": "releases@example.org",
                "tagged_at": at,
                "signature": "good",
            }


def release_test_rows(dice: Dice, calendar: Calendar) -> Iterator[Row]:
    """Yield `release_tests`: what the build ran on each release, an hour before it was tagged."""
    for release in release_rows(dice, calendar):
        at = release["tagged_at"]
        assert isinstance(at, datetime), "the sample's tags tell when they were made"
        for suite, name in TESTS:
            said: Row = {"release_id": release["id"], "suite": suite, "name": name, "passed": True}
            yield {"id": f"{release['id']}/{name}", **said, "finished_at": at - timedelta(hours=1)}
