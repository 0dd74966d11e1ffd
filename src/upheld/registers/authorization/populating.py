"""The population of a review: which rights there are now, what is to be looked at twice, and who decides about each."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from upheld.registers.authorization.kinds import Decision, Flag, ReviewKind, Risk
from upheld.registers.authorization.models import Entitlement
from upheld.registers.authorization.review_models import AccessReview, ReviewDecision, ReviewItem
from upheld.registers.evidence import evidence, rows
from upheld.registers.owing import interval

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


def population(kind: ReviewKind, system: str, opened_at: datetime, lead: str) -> Iterator[ReviewItem]:
    """Yield the items of a review of `kind`, numbered from 1; `lead` decides where nobody answers, or only whose access it is."""
    declared = {(each.system, each.entitlement): each for each in Entitlement.objects.filter(ended_at=None)}
    before = _before(kind, system)
    at = opened_at.astimezone(UTC).replace(tzinfo=None)
    given = {"opened_at": at, "dormant_before": at - interval("authorization", "unused_after").about, "system": system}
    with evidence(opened_at, TABLES) as connection:
        found = rows(connection, _query(), **given, unused=kind == ReviewKind.UNUSED)
        for number, row in enumerate(found, 1):
            yield _item(number, row, declared.get((row["system_id"], row["entitlement"])), before, kind, lead)


Kept = Mapping[tuple[str, str, str], str]  # what was decided last time, by source, account and entitlement


def _before(kind: ReviewKind, system: str) -> Kept:
    """Return what the last finished review of the same kind decided; nothing where there was none."""
    last = AccessReview.objects.filter(kind=kind, system=system).exclude(finished_at=None).order_by("-finished_at").first()
    if last is None:
        return {}
    decided = dict(ReviewDecision.objects.filter(review=last).values_list("number", "decision"))
    items = last.items_of.values_list("number", "told_by", "account", "entitlement").iterator(chunk_size=5_000)
    return {(source, account, entitlement): decided.get(number, "") for number, source, account, entitlement in items}


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
        unchanged=was == Decision.KEEP,
        last_used_at=used.replace(tzinfo=UTC) if used else None,
    )


def _reviewer(row: dict[str, Any], declared: Entitlement | None, kind: ReviewKind, lead: str) -> str:
    """Return who decides: never whose access it is."""
    owner = declared.owner if declared else row["owner_id"]
    first = row["manager_id"] if kind == ReviewKind.MANAGER else row["owner_id"] if kind == ReviewKind.SYSTEM else owner
    for one in (first, owner, row["owner_id"], lead, row["manager_id"]):
        if one and one != row["person_id"]:
            return str(one)
    return lead


def _risk(flags: list[str], declared: Entitlement | None) -> str:
    if Flag.PRIVILEGED in flags:
        return Risk.HIGH.value
    return declared.risk if declared else Risk.MEDIUM.value
