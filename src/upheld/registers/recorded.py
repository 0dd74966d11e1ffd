"""Registers held against the ledger: each live row has the digest of its last entry, and nothing that was entered is missing."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import orjson
from django.apps import apps
from django.db.models import Model

from upheld.actions.declaring import declared
from upheld.actions.models import Record, Step
from upheld.evidence.table import Row
from upheld.ledger.entry import Actor
from upheld.ledger.models import Entry, Outbox
from upheld.ledger.openings import opened

_ABOUT_A_RECORD = b'"subject":{"id":"'
_WITH_ROWS = b'"rows":[{"changed":'


@dataclass(frozen=True)
class Said:
    """What the ledger said last of a record: its version, and the digest of its row, None when it was deleted."""

    version: int
    digest: str | None
    entry_id: str


def registers() -> list[type[Record]]:
    """Return every register, by name."""
    found = [model for model in apps.get_models() if issubclass(model, Record)]
    return sorted(found, key=lambda model: model.register())


class Held(Protocol):
    """Rows of another app that are no records and that entries speak of all the same: what its `AppConfig.held` returns."""

    KINDS: tuple[str, ...]  # of those entries
    ROWS: type[Model]

    def states(self, entries: Iterable[Mapping[str, Any]]) -> Iterable[Row]:
        """Yield one row for all of them, and one for each group of rows that is not as its entries, of `entries` in order, say."""

    def reseal(self, new: Mapping[int, Mapping[str, Any]], by: Actor) -> None:
        """Write the values `new`, by key and column, where somebody whom they named is erased, and enter what the rows come to since."""


def held() -> Sequence[Held]:
    """Return what other apps hold against the ledger."""
    return [config.held() for config in apps.get_app_configs() if hasattr(config, "held")]


@dataclass
class Ledger:
    """What the ledger said last of each record, every step as (record, entry, action), and in order what it says of others."""

    last: dict[str, Said]
    steps: set[tuple[str, str, str]]
    others: list[dict[str, Any]]


def told() -> Ledger:
    """Return what the ledger says of records, and of what else is held against it; it is read whole."""
    found = Ledger({}, set(), [])
    kinds = {kind for each in held() for kind in each.KINDS}
    for entry in _entries(kinds, of_actions=True):
        if entry["kind"] in kinds:
            found.others.append(entry)
            continue
        for row in entry["body"]["rows"]:
            before = found.last.get(row["record"])
            if before is None or before.version < row["version"]:
                found.last[row["record"]] = Said(row["version"], row["digest"], entry["id"])
            found.steps.add((row["record"], entry["id"], entry["kind"]))
        if "on" in entry["body"]:
            found.steps.add((entry["body"]["on"], entry["id"], entry["kind"]))
    return found


def entries_of(kinds: Collection[str]) -> Iterator[dict[str, Any]]:
    """Yield the entries of these kinds, in order; those that wait for their place last."""
    return _entries(kinds, of_actions=False)


def _entries(kinds: Collection[str], *, of_actions: bool) -> Iterator[dict[str, Any]]:
    """Yield the entries of `kinds`, and if `of_actions` those of actions on records: sequenced or waiting."""
    marks = [f'"kind":"{kind}"'.encode() for kind in sorted(kinds)]
    kept = Entry.objects.order_by("position").values_list("data", flat=True).iterator(chunk_size=2_000)
    waiting = Outbox.objects.order_by("n").values_list("data", flat=True)
    for data in (each for some in (kept, waiting) for each in some):
        text = bytes(data)
        of_action = of_actions and _WITH_ROWS in text and _ABOUT_A_RECORD in text
        if of_action or any(mark in text for mark in marks):
            entry = orjson.loads(text)
            if entry["kind"] in kinds or (of_action and entry["subject"]["type"] == "record"):
                yield entry


def register_states() -> Iterator[Row]:
    """Yield one row for each register, and one for each record of it that is not as the ledger says."""
    said = told()
    for model in registers():
        yield from _states(model, dict(deviations(model, said.last)))
    for reference, why in _wrong_steps(said.steps):
        yield {"id": f"step {reference}", "title": f"Step {reference}", "as_recorded": False, "detail": why}
    for each in held():
        yield from each.states(entry for entry in said.others if entry["kind"] in each.KINDS)


def _states(model: type[Record], wrong: dict[str, str]) -> Iterator[Row]:
    count = model._default_manager.count()
    compared = "1 record" if count == 1 else f"{count:,} records"
    title, one = str(model._meta.verbose_name_plural).capitalize(), str(model._meta.verbose_name).capitalize()
    yield {
        "id": model.register(),
        "title": title,
        "as_recorded": not wrong,
        "detail": f"{compared}, of which {len(wrong):,} deviate" if wrong else compared,
    }
    for reference, why in wrong.items():
        yield {"id": reference, "title": f"{one} {reference.rpartition('/')[2]}", "as_recorded": False, "detail": why}


def deviations(model: type[Record], said: dict[str, Said]) -> Iterator[tuple[str, str]]:
    """Yield the reference of each record of `model` that is not as the ledger `said`, and why, in words."""
    seen = set()
    for record in model._default_manager.all().iterator(chunk_size=2_000):
        seen.add(record.reference)
        if why := _why(record, said.get(record.reference)):
            yield record.reference, why
    start = f"{model.register()}/"
    for reference, last in said.items():
        if last.digest is not None and reference.startswith(start) and reference not in seen:
            yield reference, "was deleted behind the product's back"


def _why(record: Record, last: Said | None) -> str:
    if last is None:
        return "was added behind the product's back"
    if last.digest is None:
        return "was deleted, and put back behind the product's back"
    if last.version != record.version or _digest(record) != last.digest:
        return "was changed behind the product's back"
    return ""


def _digest(record: Record) -> str:
    try:
        return record.row_digest()
    except ValueError:  # a salt that is no longer hexadecimal
        return ""


def _wrong_steps(entered: set[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
    """Yield records whose steps are not those `entered` (record, entry, action): some were removed, added or pointed elsewhere.

    Of steps that others must be kept apart from, who did them is held against the ledger too.
    """
    kept = Step.objects.values_list("register", "record", "entry_id", "action")
    found = {(f"{register}/{record}", entry_id, action) for register, record, entry_id, action in kept}
    for reference in sorted({each[0] for each in found ^ entered}):
        yield reference, "its steps are not those that the ledger holds"
    ruled = {name for rule in step_rules() for name in (rule["first"], rule["second"])}
    for step in Step.objects.filter(action__in=ruled):
        actor = opened(step.entry_id).get("actor")
        if actor is not None and actor.value != step.by:
            yield f"{step.register}/{step.record}", "who did a step on it is not whom the ledger names"


def record_steps() -> Iterator[Row]:
    """Yield who did which step on which record, and which steps on records that hang on it."""
    steps = Step.objects.values_list("pk", "action", "register", "record", "by", "at").iterator(chunk_size=2_000)
    for pk, action, register, record, by, at in steps:
        yield {"id": str(pk), "record": f"{register}/{record}", "action": action, "person_id": by, "done_at": at}


def step_rules() -> Iterable[Row]:
    """Yield the pairs of steps that one person may not do on one record, as the actions declare them."""
    for name, action in declared().items():
        for earlier in action.apart_from:
            yield {"id": f"{earlier} + {name}", "first": earlier, "second": name, "why": action.why_apart or None}
