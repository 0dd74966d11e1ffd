"""Orders to sources: the intent and its entry in one transaction, then the write, reading back, and the outcome with its entry.

A repeat after a kill finds where it was: it looks before it writes, and a settled order is answered with what came of it.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from upheld import clock, workspace
from upheld.ledger import identifier
from upheld.ledger.append import append
from upheld.ledger.entry import SYSTEM, Actor, Evidence
from upheld.ledger.openings import About, Personal
from upheld.ledger.profile import Json
from upheld.runlock import run_lock
from upheld.sources import configured
from upheld.sources.enforcing import CannotEnforce, Enforcing, HandedOver, Holder, Order, Outcome, Refusal, Right, State, Verb, offered
from upheld.sources.models import ConfiguredSource, Enforcement
from upheld.sources.source import SourceError

AGAIN_AFTER = timedelta(minutes=5)  # before an order of unknown outcome is tried again; doubled by each try, a day at most
HANDED = "handed over: "


class NotWaiting(ValueError):
    """The order is not one that a person's word settles."""


class AnotherOrder(ValueError):
    """The key was used for an order of other content: nothing was asked."""


@dataclass(frozen=True)
class Carried:
    """An order as it stands now. `secret` is the new secret where this call set one: it is kept nowhere, and told this once."""

    order: Enforcement
    secret: str = ""


@dataclass(frozen=True)
class Planned:
    """What an order would do: `holds` whether it is so already (None: not told), `allowed` whether the rights suffice (None: not told)."""

    order: Order
    holds: bool | None
    allowed: bool | None
    said: str


def enforcing(source: ConfiguredSource) -> Enforcing:
    """Return the connection that carries out orders to `source`; raises `CannotEnforce` or `Misconfigured`."""
    if source.removed_at is not None:
        raise CannotEnforce(f"the source {source.name} is out of use since {source.removed_at:%Y-%m-%d}")
    return offered(configured.connect(source), source.kind)


def rights(source: ConfiguredSource) -> list[Right]:
    """Return, for each verb, whether `source` may do it; those that it does not offer too. Raises `SourceError`."""
    told = {right.verb: right for right in enforcing(source).rights()}
    return [told.get(verb) or Right(verb, False, "this source does not offer it") for verb in Verb]


def plan(source: ConfiguredSource, order: Order) -> Planned:
    """Return what `order` would do to `source`, changing nothing and asking for nothing; raises `SourceError`."""
    its = enforcing(source)
    right = next((each for each in its.rights() if each.verb == order.verb), Right(order.verb, False, "this source does not offer it"))
    state = its.look(order)
    told = f"{state.said}: nothing would be done" if state.holds else f"{state.said}; {right.said}"
    return Planned(order, state.holds, right.allowed, told)


def intend(source: ConfiguredSource, order: Order, *, key: str, by: Actor = SYSTEM, reason: str = "", person: str = "") -> Enforcement:
    """Keep that `order` is to be carried out at `source`, with its entry, and return it; the same `key` again returns the same order.

    To be called inside the transaction that makes it so, if there is one. `key` says once what is wanted ("leaver-case/12/crm/disable");
    `reason` is the record that asks for it ("leaver-case:12"), logged in the clear; `person` is people.id of whose account it is, under
    whose key account and entitlement are sealed. Raises `AnotherOrder` or `CannotEnforce`.
    """
    with transaction.atomic():
        if there := Enforcement.objects.filter(key=key).select_related("source").first():
            if (there.source_id, asked(there)) != (source.pk, order):
                raise AnotherOrder(f"the key {key!r} stands for another order ({there.verb} on {there.source.name}); nothing was asked")
            return there
        enforcing(source)
        at = clock.now()
        name = identifier.new(at)
        body: dict[str, Json] = {"order": name, "verb": order.verb.value, "reason": reason}
        entry = append("enforcement.intended", subject=("source", source.name), actor=by, body=body, personal=_personal(order, person))
        return Enforcement.objects.create(
            id=name,
            source=source,
            verb=order.verb,
            account=order.account,
            entitlement=order.entitlement,
            group_id=order.group_id,
            key=key,
            reason=reason,
            asked_at=at,
            intent_entry=entry,
        )


def _personal(order: Order, person: str) -> Mapping[str, Personal]:
    values = {"account": order.account, "entitlement": order.entitlement, "group": order.group_id}
    return {name: About(("person", person), value) if person else value for name, value in values.items() if value}


def asked(row: Enforcement) -> Order:
    """Return the order that `row` keeps."""
    return Order(Verb(row.verb), row.account, row.entitlement, row.group_id, id=row.id, reason=row.reason)


def enforce(
    source: ConfiguredSource, order: Order, *, key: str, by: Actor = SYSTEM, reason: str = "", person: str = "", secret: str = ""
) -> Carried:
    """Keep the intent and carry it out at once; see `intend` and `carry_out`. Not inside a transaction: what was done stays done."""
    return carry_out(intend(source, order, key=key, by=by, reason=reason, person=person), secret=secret)


def carry_out(row: Enforcement, *, secret: str = "", whose: Holder | None = None) -> Carried:
    """Look, write where it is not so yet, read back, and keep the outcome with its entry. One order at a time at a source.

    A settled order is returned as it is; one of unknown outcome is looked up again. For `RESET_SECRET` a secret is drawn where none
    is given; `CREATE` needs it, and `whose` the account is, which is kept nowhere. Never raises for what the source says: that is the
    outcome.
    """
    with run_lock(workspace.current(), waits=lambda holder: None, name=f"enforce-{row.source.name}"):
        row.refresh_from_db()
        if row.settled_at is not None or is_handed_over(row):
            return Carried(row)
        attempt = _Attempt(row, secret or (_drawn() if row.verb == Verb.RESET_SECRET else ""), whose)
        result = attempt.made()
        _keep(row, result)
    return Carried(row, attempt.secret if attempt.wrote and result.outcome != Outcome.REFUSED else "")


def waiting(now: datetime) -> list[Enforcement]:
    """Return the orders that are to be tried at `now`: those never tried, and those of unknown outcome after a while; oldest first."""
    open_ones = Enforcement.objects.filter(settled_at=None).select_related("source")
    due = [row for row in open_ones if row.tried_at is None or row.tried_at + _patience(row.tries) <= now]
    return [row for row in due if not is_handed_over(row)]


def is_handed_over(row: Enforcement) -> bool:
    """Whether somebody else was told to carry `row` out, and it waits for `confirm`."""
    return row.outcome == Outcome.UNKNOWN and row.said.startswith(HANDED)


def confirm(row: Enforcement, *, done: bool, by: Actor, reason: str, evidence: Sequence[Evidence] = ()) -> Enforcement:
    """Settle `row`, which somebody else was told to carry out: a person says that it was `done`, or was not, and what shows it.

    To be called inside the transaction of the action by which they say it; that it is another person than who asked or did it is the
    action's to see to. `reason` is that action's record. Raises `NotWaiting` for an order that was not handed over, or is settled.
    """
    with transaction.atomic():
        row = Enforcement.objects.select_for_update().select_related("source").get(pk=row.pk)
        if row.settled_at is not None or not is_handed_over(row):
            raise NotWaiting(f"the order {row.id} does not wait for anybody's word: what came of it is read back from the source")
        row.outcome = Outcome.CARRIED_OUT if done else Outcome.REFUSED
        row.said = f"{'done' if done else 'not done'}, as a second person says ({reason})"
        row.changed, row.settled_at = done, clock.now()
        body = _came_of(row) | {"reason": reason, "confirmed": True}
        row.outcome_entry = append(
            "enforcement.settled", subject=("source", row.source.name), actor=by, body=body, personal={"said": row.said}, evidence=evidence
        )
        row.save()
    return row


def call_off(reason: str, *, by: Actor, why: str) -> int:
    """Settle the orders for the record `reason` that are still open, since nobody wants them any more; return how many.

    Nothing more is tried. Within the action by which it was decided; what a try did of which nobody knows the end stands, and is said.
    """
    with transaction.atomic():
        rows = list(Enforcement.objects.select_for_update().filter(reason=reason, settled_at=None).select_related("source"))
        for row in rows:
            row.said = f"called off: {why}{'; what an earlier try did is not known' if row.tries else ''}"
            row.outcome, row.changed, row.settled_at = Outcome.REFUSED, None if row.tries else False, clock.now()
            row.outcome_entry = append(
                "enforcement.settled", subject=("source", row.source.name), actor=by, body=_came_of(row), personal={"said": row.said}
            )
            row.save()
    return len(rows)


def _patience(tries: int) -> timedelta:
    return min(AGAIN_AFTER * (1 << min(tries, 9)), timedelta(days=1))


def _drawn() -> str:
    """Return a new secret of 120 random bits and more, with every kind of character that rules ask for."""
    return (
        f"{secrets.token_urlsafe(18)}-{secrets.choice('ABCDEFGHJKLMNPQR')}{secrets.choice('abcdefghijkmnopq')}{secrets.randbelow(90) + 10}"
    )


@dataclass(frozen=True)
class _Result:
    outcome: Outcome
    said: str
    changed: bool | None = None


@dataclass
class _Attempt:
    """One try at an order: what is looked at, written and read back."""

    row: Enforcement
    secret: str
    whose: Holder | None = None
    wrote: bool = False

    def made(self) -> _Result:
        """Return what came of it; whatever the source says or does not say is an outcome."""
        order = replace(asked(self.row), whose=self.whose)
        try:
            source = enforcing(self.row.source)
            state = source.look(order, before=self.row.mark)
        except SourceError as error:
            return self._not_looked(error)
        if state.holds:
            return self._found(state)
        self._begin(state)
        return self._written(source, order)

    def _not_looked(self, error: SourceError) -> _Result:
        if self.row.tries:  # an earlier try may have written, so that a system that is shut to us now has not refused
            return _Result(Outcome.UNKNOWN, str(error))
        return _Result(Outcome.REFUSED if error.permanent else Outcome.UNKNOWN, f"{error}; nothing was written", False)

    def _found(self, state: State) -> _Result:
        """It was so before this try wrote; after an earlier try of unknown end nobody can say whether it was us."""
        if not self.row.tries:
            return _Result(Outcome.CARRIED_OUT, state.said, False)
        lost = "; nobody was told the new secret: reset it again if it is needed" if self.row.verb == Verb.RESET_SECRET else ""
        return _Result(Outcome.CARRIED_OUT, state.said + lost, None)

    def _begin(self, state: State) -> None:
        """Keep, before anything is written, that it is being tried and how it stood: a kill from here on leaves that."""
        self.row.tries += 1
        self.row.tried_at = clock.now()
        self.row.mark = self.row.mark or state.mark
        self.row.save(update_fields=["tries", "tried_at", "mark"])

    def _written(self, source: Enforcing, order: Order) -> _Result:
        self.wrote = True
        try:
            source.do(order, secret=self.secret)
        except HandedOver as handed:
            return _Result(Outcome.UNKNOWN, HANDED + str(handed))
        except Refusal as error:
            return _Result(Outcome.REFUSED, str(error), False)
        except SourceError as error:
            if error.permanent:
                return _Result(Outcome.REFUSED, str(error), False)
            read = self._read_back(source, order)
            return read if read.outcome == Outcome.CARRIED_OUT else _Result(Outcome.UNKNOWN, f"{error}; {read.said}")
        return self._read_back(source, order)

    def _read_back(self, source: Enforcing, order: Order) -> _Result:
        try:
            state = source.look(order, before=self.row.mark)
        except SourceError as error:
            return _Result(Outcome.UNKNOWN, f"it could not be read back: {error}")
        if state.holds is None:
            return _Result(Outcome.UNKNOWN, f"it was written, and cannot be read back: {state.said}")
        if state.holds:
            return _Result(Outcome.CARRIED_OUT, state.said, True)
        return _Result(Outcome.REFUSED, f"the system took it, and yet: {state.said}")


def _keep(row: Enforcement, result: _Result) -> None:
    """Keep what came of an attempt, and enter it unless it is the same unknown as before."""
    now = clock.now()
    repeated = result.outcome == Outcome.UNKNOWN and (row.outcome, row.said) == (Outcome.UNKNOWN, result.said)
    row.outcome, row.said, row.changed = result.outcome, result.said, result.changed
    row.tried_at = now
    row.settled_at = None if result.outcome == Outcome.UNKNOWN else now
    with transaction.atomic():
        if not repeated:
            row.outcome_entry = append(
                "enforcement.settled" if row.settled_at else "enforcement.open",
                subject=("source", row.source.name),
                body=_came_of(row),
                personal={"said": row.said},
            )
        row.save()


def _came_of(row: Enforcement) -> dict[str, Json]:
    return {"order": row.id, "verb": row.verb, "outcome": row.outcome, "changed": row.changed, "reason": row.reason}
