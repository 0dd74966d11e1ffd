"""The population of a review: which rights there are now, what is to be looked at twice, and who decides about each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from upheld.registers.authorization.kinds import Decision, Flag, ReviewKind, Risk
from upheld.registers.authorization.models import Entitlement
from upheld.registers.authorization.review_models import AccessReview, ReviewDecision, ReviewItem
from upheld.registers.evidence import evidence, rows
from upheld.registers.owing import interval

WHOLE = (ReviewKind.SYSTEM, ReviewKind.OWNER, ReviewKind.MANAGER)
# Who is asked first, where that is not the right's owner: a column of the population.
_FIRSTS = {
    ReviewKind.MANAGER: "manager_id",
    ReviewKind.EXIT: "manager_id",
    ReviewKind.SYSTEM: "owner_id",
    ReviewKind.CHANGED: "owner_id",
}
TABLES = (
    "accounts",
    "account_owners",
    "conflict_rules",
    "effective_grants",
    "engagements",
    "granted_requests",
    "grants",
    "people",
    "role_entitlements",
    "systems",
)


@cache
def _query() -> str:
    return Path(__file__).with_name("population.sql").read_text()


def population(kind: ReviewKind, system: str, opened_at: datetime, lead: str, person: str = "") -> Iterator[ReviewItem]:
    """Yield the items of a review of `kind`, numbered from 1; `lead` decides where nobody answers, or only whose access it is.

    `person` is whose rights an exit review is about.
    """
    declared = {(each.system, each.entitlement): each for each in Entitlement.objects.filter(ended_at=None)}
    before = _before(kind, system)
    at = opened_at.astimezone(UTC).replace(tzinfo=None)
    given = {"opened_at": at, "dormant_before": at - interval("authorization", "unused_after").about, "system": system}
    with evidence(opened_at, TABLES) as connection:
        found = rows(connection, _query(), **given, person=person, unused=kind == ReviewKind.UNUSED)
        number = 0
        for row in found:
            item = _item(number + 1, row, declared.get((row["system_id"], row["entitlement"])), before, kind, lead)
            if kind == ReviewKind.CHANGED and item.unchanged and not set(item.flags) - before[key(item)].flags:
                continue
            number += 1
            yield item


@dataclass(frozen=True)
class Last:
    """What was decided about a right last time, and the flags that it had then."""

    decision: str
    flags: frozenset[str]


Key = tuple[str, str, str]
Kept = Mapping[Key, Last]  # by source, account and entitlement


def key(item: ReviewItem) -> Key:
    """Return what makes a right the same in the next review."""
    return item.told_by, item.account, item.entitlement


def last_before(kind: ReviewKind, system: str) -> AccessReview | None:
    """Return the last finished review that one of `kind` follows on; one of what changed follows on any of the whole system."""
    kinds = WHOLE if kind == ReviewKind.CHANGED else (kind,)
    return AccessReview.objects.filter(kind__in=kinds, system=system).exclude(finished_at=None).order_by("-finished_at").first()


def _before(kind: ReviewKind, system: str) -> Kept:
    """Return what the last finished review decided, and those of what changed since; nothing where there was none."""
    last = last_before(kind, system)
    if last is None:
        return {}
    since = AccessReview.objects.filter(kind=ReviewKind.CHANGED, system=system, finished_at__gt=last.finished_at).order_by("finished_at")
    found: dict[Key, Last] = {}
    for review in (last, *since):
        decided = dict(ReviewDecision.objects.filter(review=review).values_list("number", "decision"))
        items = review.items_of.values_list("number", "told_by", "account", "entitlement", "flags").iterator(chunk_size=5_000)
        for number, source, account, entitlement, flags in items:
            found[source, account, entitlement] = Last(decided.get(number, ""), frozenset(flags))
    return found


def _item(number: int, row: dict[str, Any], declared: Entitlement | None, before: Kept, kind: ReviewKind, lead: str) -> ReviewItem:
    was = before.get((row["source"], row["account_id"], row["entitlement"]))
    flags = [*row["flags"], *([Flag.NEW.value] if was is None and before else [])]
    used = row["last_used_at"]
    return ReviewItem(
        number=number,
        reviewer=_reviewer(row, declared, kind, lead),
        told_by=row["source"],
        system=row["system_id"],
        account=row["account_id"],
        account_name=row["user_name"],
        person=row["person_id"],
        person_name=row["person_name"],
        entitlement=row["entitlement"],
        group=row["group_id"],
        via=row["via"],
        risk=_risk(flags, declared),
        flags=flags,
        unchanged=was is not None and was.decision == Decision.KEEP,
        last_used_at=used.replace(tzinfo=UTC) if used else None,
    )


def _reviewer(row: dict[str, Any], declared: Entitlement | None, kind: ReviewKind, lead: str) -> str:
    """Return who decides: never whose access it is."""
    owner = declared.owner if declared else row["owner_id"]
    column = _FIRSTS.get(kind)
    first = row[column] if column else owner
    for one in (first, owner, row["owner_id"], lead, row["manager_id"]):
        if one and one != row["person_id"]:
            return str(one)
    return lead


def _risk(flags: list[str], declared: Entitlement | None) -> str:
    if Flag.PRIVILEGED in flags:
        return Risk.HIGH.value
    return declared.risk if declared else Risk.MEDIUM.value
