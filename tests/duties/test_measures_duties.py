"""The duty of a measure: due when a subject will fail, done when the measure sees it, by whoever owns the measure."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from tests.web.conftest import Keep, judged
from tests.world import account, person

from upheld import clock
from upheld.accounts.models import Account
from upheld.accounts.role import Role
from upheld.checks.verdict import Outcome, State
from upheld.duties.models import Occurrence
from upheld.duties.occurrences import materialise
from upheld.duties.places import address_of
from upheld.duties.work import owed
from upheld.workspace import Workspace

__all__ = ["judged"]
DAY, RESTORE = timedelta(days=1), "backup/restore_proven"
Judge = Callable[..., None]


@pytest.fixture
def ina(ledger: object) -> Account:
    return account("ina", Role.OWNER, over=("owner", "it-operations"))


def passing(name: str, until: datetime | None) -> Outcome:
    return Outcome(name, name.upper(), True, "proven", until)


def failing(name: str) -> Outcome:
    return Outcome(name, name.upper(), False, "never proven")


def rows() -> list[tuple[str, str, str]]:
    materialise(clock.now())
    found = Occurrence.objects.order_by("subject", "opens_at")
    return [(each.subject, each.state, f"{each.planned_at:%m-%d}") for each in found]


def mine(who: Account) -> list[str]:
    return [f"{each.what}: {each.about}" for each in owed(person(who), clock.now()) if each.what != "Mend"]


def test_it_is_work_within_the_warning_time_and_done_when_the_day_moves(judged: Keep, ina: Account, noon: datetime) -> None:
    judged(State.UPHELD, passing("crm", noon + 10 * DAY), passing("erp", noon + 60 * DAY), measure=RESTORE)
    assert rows() == [("crm", "open", "05-14")]
    assert mine(ina) == ["Prove a restore of each system: CRM"]
    assert address_of(owed(person(ina), clock.now())[0]) == "/measures/backup/restore_proven/"
    with clock.at(noon + 5 * DAY):
        judged(State.UPHELD, passing("crm", noon + 95 * DAY), passing("erp", noon + 60 * DAY), measure=RESTORE, at=noon + 5 * DAY)
        assert rows() == [("crm", "done", "05-14")] and mine(ina) == []


def test_one_that_fails_stays_owed_until_it_passes(judged: Keep, ina: Account, noon: datetime) -> None:
    judged(State.UPHELD, passing("crm", noon + 2 * DAY), failing("new"), measure=RESTORE)
    assert rows() == [("crm", "open", "05-06"), ("new", "open", "05-04")]
    with clock.at(noon + 3 * DAY):
        judged(State.BROKEN, failing("crm"), failing("new"), measure=RESTORE, at=clock.now())
        assert rows() == [("crm", "open", "05-06"), ("new", "open", "05-04")]
    with clock.at(noon + 4 * DAY):
        judged(State.UPHELD, passing("crm", noon + 94 * DAY), passing("new", None), measure=RESTORE, at=clock.now())
        assert rows() == [("crm", "done", "05-06"), ("new", "done", "05-04")]
        assert Occurrence.objects.get(subject="crm").is_late


def test_of_a_population_that_is_gone_nothing_ends(judged: Keep, ina: Account, noon: datetime, ledger: Workspace) -> None:
    judged(State.UPHELD, passing("crm", noon + 2 * DAY), measure=RESTORE)
    assert rows() == [("crm", "open", "05-06")]
    for file in (ledger.root / "outcomes").rglob("*.parquet"):
        file.unlink()
    assert rows() == [("crm", "open", "05-06")] and mine(ina) == ["Prove a restore of each system: CRM"]


def test_a_stricter_interval_moves_the_day_and_ends_nothing(judged: Keep, ina: Account, noon: datetime) -> None:
    judged(State.UPHELD, passing("crm", noon + 10 * DAY), measure=RESTORE)
    assert rows() == [("crm", "open", "05-14")]
    with clock.at(noon + DAY):
        judged(State.UPHELD, passing("crm", noon + 3 * DAY), measure=RESTORE, at=clock.now())
        assert rows() == [("crm", "open", "05-07")]
