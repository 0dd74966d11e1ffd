"""Erasing somebody: nothing of them is left in any file, nobody else is touched, and every proof stands."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from tests.erasure.company import BOB, DAY, MARKERS, MEASURE, RITA, WEDNESDAY, Company, everywhere, forget_rita, markers_in

from upheld import clock
from upheld.erasure.person import Unclear, find
from upheld.erasure.plan import plan
from upheld.erasure.reapplying import reapply
from upheld.evidence.store import Store
from upheld.ledger import export, openings, reading, sequencer, tree
from upheld.ledger.proof import Proof
from upheld.ledger.store import StoredLog
from upheld.ledger.verify.__main__ import verify as verify_file
from upheld.sources.frames import files
from upheld.sources.models import CollectedTable, ConfiguredSource
from upheld.vault.keys import here
from upheld.verdicts import salting
from upheld.verdicts.attesting import disagreements
from upheld.verdicts.models import Finding, Judgement, MeasureVerdict


def prove(log: StoredLog, index: int, size: int) -> bytes:
    """Return the proof that entry `index` is in the first `size` of `log`, as an auditor was given it then."""
    signed = log.checkpoint(size)
    assert signed is not None
    return Proof(index, tree.inclusion_proof(index, size, log.nodes(size)), signed[1].encode(), log.entry(index)).text()


def test_no_byte_of_her_is_left_in_any_file(company: Company) -> None:
    before = everywhere(company)
    assert {line.split(": ", 1)[1] for line in before} == set(MARKERS)  # the control: each marker is found
    assert any(line.startswith("upheld.sqlite3") for line in before)
    assert any(line.endswith(MARKERS[0]) and ".parquet" in line for line in before)
    told = forget_rita()
    assert everywhere(company) == []
    assert markers_in([company.folder])  # the lists themselves are not ours to change
    assert told["complete"] is True
    assert {each["level"]: each["holds"] for each in told["checks"]} == {
        "L1 live copies": True,
        "L2 sealed values": True,
        "L3 keys": True,
        "L4 files": True,
        "L5 outside": None,
    }
    assert not [marker for marker in MARKERS if marker in json.dumps(told)]


def test_every_proof_and_digest_stands(company: Company, tmp_path) -> None:
    log = sequencer.current()
    size = log.size()
    proofs = [prove(log, index, size) for index in range(size)]
    root, entries = log.root(size), list(log.entries(0, size))
    export.export(log, tmp_path / "before")
    forget_rita()
    assert log.root(size) == root
    assert list(log.entries(0, size)) == entries
    assert [prove(log, index, size) for index in range(size)] == proofs
    assert verify_file(tmp_path / "before", log.origin, [sequencer.verification_key(log)]).holds
    assert log.checkpoint(size) == (size, (tmp_path / "before" / "checkpoint").read_text())
    export.export(log, tmp_path / "after")
    held = [(tmp_path / "before" / "checkpoint").read_bytes()]
    assert verify_file(tmp_path / "after", log.origin, [sequencer.verification_key(log)], held).holds
    assert reading.verify(log, sequencer.verification_key(log)).holds
    assert disagreements() == []
    told = CollectedTable.objects.exclude(digest="").select_related("collection__source")
    store = Store(company.space.history, files())
    assert store.altered() == {}
    assert len(told) == 12
    for each in told:
        store.verify(each.table, each.collection.source.name, each.collection.started_at, each.digest)


def test_what_names_her_is_unreadable_and_what_names_others_is_not(company: Company) -> None:
    (account, read, who, note, bobs, free) = company.enter()
    assert openings.entries_naming(*RITA)
    forget_rita()
    assert openings.entries_naming(*RITA) == []
    assert [openings.opened(entry) for entry in (account, read, who, note)] == [{}, {}, {}, {}]
    assert openings.opened(bobs)["mail"].value == "bob.steady@acme.example"
    assert openings.opened(free).keys() == {"other"}
    assert openings.opened(free)["other"].value == "nothing of the kind"
    texts = sorted(str(openings.opened(entry)["note"].value) for entry in corrected([note, free]))
    assert [text.replace(text.split("erased-")[1][:12], "…") for text in texts] == [
        "erased-… told Bob Steady of it",
        "write to erased-… first",
    ]


def test_nobody_can_guess_any_more_who_failed(company: Company) -> None:
    company.judge(WEDNESDAY)
    (verdict,) = MeasureVerdict.objects.filter(until_at=None)
    plain = verdict.digests["outcomes"]
    assert plain and salting.salt(verdict.judgement.salts, MEASURE)
    forget_rita(WEDNESDAY + timedelta(hours=1))
    assert MeasureVerdict.objects.get(pk=verdict.pk).digests["outcomes"] == ""
    assert [salting.salt(each.salts, MEASURE) for each in Judgement.objects.all()] == [None] * Judgement.objects.count()
    assert not [path for path in company.space.root.rglob("*") if path.is_file() and plain.encode() in path.read_bytes()]


def test_how_a_source_is_reached_stays_and_is_said(company: Company) -> None:
    hers = {"table": "people", "file": "rita.markerquill@acme.example"}
    source = ConfiguredSource.objects.create(name="hers", kind="list", settings=hers, added_at=WEDNESDAY)
    told = forget_rita()
    source.refresh_from_db()
    assert source.settings == hers
    assert told["not_changed"] == {"sources.configuredsource": 1}


def corrected(entries: list[str]) -> list[str]:
    """Return the ids of the entries that correct one of `entries`."""
    log = sequencer.current()
    read = [json.loads(data) for data in log.entries(0, log.size())]
    return [each["id"] for each in read if each.get("corrects") in entries and each["kind"] == "text.redacted"]


def test_measures_see_as_many_rows_as_before_and_the_same_faults(company: Company) -> None:
    before = {name: len(company.shown(name, "*", WEDNESDAY)) for name in ("people", "accounts", "grants", "sign_ins", "systems")}
    first = company.judge(WEDNESDAY)
    assert {each.subject for each in first.failing}
    forget_rita()
    assert {name: len(company.shown(name, "*", WEDNESDAY)) for name in before} == before
    again = company.judge(WEDNESDAY + timedelta(hours=1))
    assert (again.state, again.population, again.passed, again.failed) == (first.state, first.population, first.passed, first.failed)
    people = company.shown("people", "id, name, role, ended_on::VARCHAR", WEDNESDAY)
    assert [row for row in people if row[0] == "P-2"] == [("P-2", "Bob Steady", "Head", None)]
    assert [row[2:] for row in people if row[0] != "P-2"] == [("Buyer", "2026-04-01")]
    (crm,) = [row for row in company.shown("systems", "id, owner_id", WEDNESDAY) if row[0] == "crm"]
    (hers,) = [row for row in people if row[0] != "P-2"]
    assert crm[1] == hers[0]


def test_a_collection_does_not_bring_her_back_and_says_what_it_keeps_out(forgotten: Company) -> None:
    forgotten.collect(WEDNESDAY + DAY)
    forgotten.judge(WEDNESDAY + DAY + timedelta(hours=1))
    assert everywhere(forgotten) == []
    newest = {each.table: each for each in CollectedTable.objects.filter(collection__started_at=WEDNESDAY + DAY)}
    assert {name: (each.coverage, each.opened, each.changed, each.ended) for name, each in newest.items()} == {
        "people": ("complete", 0, 0, 0),
        "accounts": ("complete", 0, 0, 0),
        "grants": ("complete", 0, 0, 0),
        "groups": ("complete", 0, 0, 0),
        "sign_ins": ("complete", 0, 0, 0),
        "systems": ("complete", 0, 0, 0),
    }
    assert any("3 rows" in note or "2 rows" in note for note in newest["accounts"].collection.notes)
    assert Finding.objects.filter(resolved_at=None).count() == 1


def test_once_the_source_forgets_her_too_her_masked_rows_end_and_go(forgotten: Company) -> None:
    forgotten.write("people", LISTS_WITHOUT_HER["people"])
    forgotten.write("accounts", LISTS_WITHOUT_HER["accounts"])
    forgotten.collect(WEDNESDAY + DAY)
    assert [row[0] for row in forgotten.shown("people", "id", WEDNESDAY + DAY)] == ["P-2"]
    assert forgotten.shown("accounts", "user_name", WEDNESDAY + DAY) == [("bsteady",), ("svc-mail",)]
    ended = [row for name in ("people", "accounts") for row in forgotten.rows(name) if any("erased-" in str(value) for value in row)]
    assert len(ended) == 6  # masked, and that they ended
    with clock.at(WEDNESDAY + DAY):
        assert reapply().versions == 3
    left = [row for name in ("people", "accounts") for row in forgotten.rows(name) if any("erased-" in str(value) for value in row)]
    assert left == [row for row in left if row[0] == "opened" and "P-2" in row]  # whom Bob reported to
    assert disagreements() == []


LISTS_WITHOUT_HER = {
    "people": "id,name,mail,user_name,kind,role,manager_id,ended_on,started_on\n"
    "P-2,Bob Steady,bob.steady@acme.example,bsteady,employee,Head,,,2019-01-01\n",
    "accounts": "id,system_id,user_name,identifier,kind,person_ref,display_name,mail,enabled,can_sign_in\n"
    "crm/18,crm,bsteady,bsteady,person,P-2,Bob Steady,bob.steady@acme.example,true,true\n"
    "crm/svc,crm,svc-mail,svc-mail,service,,Mailer,,true,true\n",
}


def test_rows_that_lie_about_are_said_and_make_the_erasure_incomplete(company: Company) -> None:
    (left := company.space.root / "left-by-a-killed-backup").mkdir()
    hers = next(file for file in company.space.history.rglob("*.parquet") if markers_in([file.parent]))
    (left / hers.name).hardlink_to(hers)
    told = forget_rita()
    assert told["complete"] is False
    (files_,) = [each for each in told["checks"] if each["level"] == "L4 files"]
    assert [said for said in files_["said"] if hers.name in said and said.endswith("delete it")]


def test_what_was_erased_before_is_erased_again_without_harm(forgotten: Company) -> None:
    with clock.at(WEDNESDAY), pytest.raises(Unclear, match="nobody is called"):
        find("P-1042X", here())
    assert openings.opened(forgotten.enter()[4])["mail"].value == "bob.steady@acme.example"
    assert openings.entries_naming(*RITA) == []  # the fence: entries about her hold commitments that nobody can open
    assert openings.entries_naming(*BOB)
    assert everywhere(forgotten) == []


def test_a_plan_changes_nothing_and_counts_what_there_is(company: Company) -> None:
    with clock.at(WEDNESDAY):
        found = plan("rita.markerquill@acme.example", here())
    assert found.person.known_as("person") == {"p-1042x"}
    assert found.counts() == plan("ritamarkerq", here()).counts()
    assert found.sealed.openings == 5
    assert found.sealed.texts == 2
    assert {(each.table, each.erased, each.masked) for each in found.rows} == {
        ("people", 1, 2),
        ("accounts", 1, 2),
        ("grants", 0, 2),
        ("groups", 0, 1),
        ("sign_ins", 0, 1),
        ("systems", 0, 2),
    }
    assert found.standing == ["list-accounts", "list-grants", "list-groups", "list-people", "list-sign-ins", "list-systems"]
    assert everywhere(company)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_opening")
        assert cursor.fetchone()[0] > 5
