"""How promises stood, as rows that requirements rest on."""

from datetime import date

from tests.actors import ledger, person
from tests.sources.collected import collect

from upheld import clock
from upheld.accounts.role import Role
from upheld.registers.compliance.models import RequiredBy
from upheld.registers.compliance.requirements import add_requirement
from upheld.sources.configured import in_use
from upheld.verdicts.checking import check
from upheld.verdicts.source import VERDICTS, ensure_in_use

__all__ = ["ledger"]


def test_promises_that_were_never_judged_have_no_state(ledger):
    rows = collect(VERDICTS.connect({}), "promise_verdicts").seen["promise_verdicts"].rows.values()
    assert len(rows) > 100 and {row["state"] for row in rows} == {None} == {row["judged_at"] for row in rows}


def test_promises_stand_as_they_were_judged(ledger):
    check(clock.now())
    rows = collect(VERDICTS.connect({}), "promise_verdicts").seen["promise_verdicts"].rows
    row = rows[("iso:1.3.5",)]
    assert (row["document_id"], row["state"], row["judged_at"]) == ("iso", "unproven", clock.now())


def test_it_comes_into_use_with_the_first_requirement(ledger):
    ensure_in_use()
    assert [each.kind for each in in_use()] == []
    lead = person("lea", Role.SECURITY_LEAD)
    since = date(2020, 1, 1)
    add_requirement(by=lead, name="x", title="X", kind=RequiredBy.OTHER, citation="§ 1", owner="E-ada", from_on=since)
    ensure_in_use()
    ensure_in_use()
    assert [each.kind for each in in_use()] == ["verdicts"]
