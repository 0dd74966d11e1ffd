"""An erasure that is killed at any step is finished later, once; and a restore brings nobody back."""

import os
import shutil
import signal
from datetime import timedelta

import pytest
from django.db import connection
from tests.erasure.company import BOB, DAY, MONDAY, WEDNESDAY, Company, everywhere, forget_rita

from upheld import clock
from upheld.erasure import receipt
from upheld.erasure.perform import STEPS, erase
from upheld.erasure.plan import plan
from upheld.erasure.reapplying import reapply
from upheld.ledger import openings, reading, sequencer
from upheld.sources.models import CollectedTable
from upheld.vault import erasures
from upheld.vault.key import KeyDestroyed, State
from upheld.vault.keys import here
from upheld.verdicts.attesting import disagreements

EVERY_POINT = [erasures.PLANNED, *(point for step in STEPS for point in (f"{step}, unnoted", step)), "forgotten"]
# Each takes a second; `UPHELD_EVERY_POINT=1` tries them all.
FEW_POINTS = ["rows, unnoted", "sealed, unnoted", "keys, unnoted", "forgotten"]
POINTS = EVERY_POINT if os.environ.get("UPHELD_EVERY_POINT") else FEW_POINTS


def killed_at(point: str) -> None:
    """Erase Rita in a child process that is killed once it reached `point`."""
    connection.close()
    here().store.close()
    child = os.fork()
    if child == 0:
        with clock.at(WEDNESDAY):
            erase(
                plan("P-1042X", here()),
                here(),
                basis="GDPR 17(1)(b)",
                reached=lambda step: step == point and os.kill(os.getpid(), signal.SIGKILL),
            )
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)


def entries(kind: str) -> int:
    """How many entries of `kind` there are."""
    log = sequencer.current()
    return sum(f'"kind":"{kind}"'.encode() in data for data in log.entries(0, log.size()))


@pytest.mark.parametrize("point", POINTS)
def test_an_erasure_killed_at_any_step_is_finished_once(company: Company, point: str) -> None:
    killed_at(point)
    with clock.at(WEDNESDAY + timedelta(hours=1)):
        assert reapply().resumed == 1
    (done,) = erasures.listed(here())
    assert done.done_at is not None
    assert everywhere(company) == []
    assert {kind: entries(kind) for kind in ("erasure.performed", "erasure.checked", "key.destroyed", "text.redacted")} == {
        "erasure.performed": 1,
        "erasure.checked": 1,
        "key.destroyed": 4,
        "text.redacted": 2,
    }
    facts = receipt.verified(erasures.receipt(here(), done.id) or "", [sequencer.verification_key(sequencer.current())])
    assert facts["complete"] is True
    assert disagreements() == []
    assert reading.verify(sequencer.current(), sequencer.verification_key(sequencer.current())).holds
    assert openings.entries_naming(*BOB)
    with clock.at(WEDNESDAY + timedelta(hours=2)):
        assert not reapply()


def test_a_stop_between_the_two_stores_costs_nobody_else_a_value(company: Company) -> None:
    other = company.enter()[5]

    def renewed(step: str) -> None:
        if step == "texts":
            here().renewed(openings.NOBODYS)  # as the next step does before its transaction, in which it is stopped

    with clock.at(WEDNESDAY):
        erase(plan("P-1042X", here()), here(), basis="GDPR 17(1)(b)", reached=renewed)
    assert openings.opened(other)["other"].value == "nothing of the kind"


def test_what_is_entered_about_her_meanwhile_is_not_kept(company: Company) -> None:
    entered: list[str] = []

    def meanwhile(step: str) -> None:
        if step == "sealed":
            entered.extend(company.enter())

    with clock.at(WEDNESDAY):
        erase(plan("P-1042X", here()), here(), basis="GDPR 17(1)(b)", reached=meanwhile)
    # A text of which nobody says whom it names cannot be known for hers, then as at any later time.
    assert [sorted(openings.opened(entry)) for entry in entered] == [[], [], [], [], ["mail", "subject"], ["note", "other"]]
    assert everywhere(company) == []


def snapshot(company: Company, to) -> None:
    """Copy the workspace, as a backup does: history, outcomes and database, without keys."""
    connection.close()
    shutil.copytree(company.space.root, to)


def put_back(company: Company, backup) -> None:
    """Put a copy back, as somebody would after a disk failure."""
    connection.close()
    shutil.rmtree(company.space.root)
    shutil.copytree(backup, company.space.root)


def test_a_backup_put_back_brings_nobody_back(company: Company, tmp_path) -> None:
    entry = company.enter()[0]
    snapshot(company, tmp_path / "backup")
    forget_rita()
    dead = {key for each in erasures.listed(here()) for key in each.keys}
    put_back(company, tmp_path / "backup")
    assert everywhere(company)  # the control: it is all there again, but for what was sealed
    assert openings.under(dead)
    assert openings.opened(entry) == {}
    with clock.at(WEDNESDAY + DAY):
        found = reapply(restored=True)
        assert (found.keys, found.versions, found.texts, found.resumed) == (0, 12, 2, 0)
        assert found.openings == 16
        assert not reapply(restored=True)
    assert everywhere(company) == []
    assert openings.under(dead) == []
    log = sequencer.current()
    assert log.waiting() >= 2  # an older database does not go on by itself
    sequencer.new_shard("yesterday's backup was put back")
    assert reading.verify(sequencer.current(), sequencer.verification_key(sequencer.current())).holds
    assert disagreements() == []
    company.collect(WEDNESDAY + 2 * DAY)
    assert everywhere(company) == []
    assert {each.coverage for each in CollectedTable.objects.filter(collection__started_at=WEDNESDAY + 2 * DAY)} == {"complete"}


def test_it_is_noticed_that_a_database_is_older_without_being_told(company: Company, tmp_path) -> None:
    with clock.at(MONDAY + DAY):
        reapply()
    snapshot(company, tmp_path / "backup")
    forget_rita()
    with clock.at(WEDNESDAY):
        assert not reapply()
    put_back(company, tmp_path / "backup")
    with clock.at(WEDNESDAY + DAY):
        assert reapply().versions > 0
    assert everywhere(company) == []


def test_an_older_key_directory_put_back_is_destroyed_again_before_anything_is_served(company: Company, tmp_path) -> None:
    here().store.close()
    shutil.copytree(company.space.keys, tmp_path / "keys")
    forget_rita()
    dead = sorted({key for each in erasures.listed(here()) for key in each.keys})
    here().store.close()
    for file in [*company.space.keys.glob("vault.*"), *company.space.keys.glob("epoch-*")]:
        file.unlink()
    for file in [*(tmp_path / "keys").glob("vault.*"), *(tmp_path / "keys").glob("epoch-*")]:
        shutil.copy2(file, company.space.keys)
    here().forget()
    assert {here().state(key) for key in dead} == {State.ACTIVE}  # the control
    with clock.at(WEDNESDAY + DAY):
        assert reapply(restored=True).keys == len(dead)
    assert {here().state(key) for key in dead} == {State.DESTROYED}
    with pytest.raises(KeyDestroyed):
        here().open(dead[0])
