"""A bundle shows what it is about, to somebody who has nothing of ours; and says what it does not show."""

import json
import zipfile
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import transaction
from tests.actors import person
from tests.exports.given import DAY, FIRST, MEASURES, NOW, PERIOD, ROLES, SIGNED, UNSIGNED, WHOLE, judged

from upheld import clock
from upheld.accounts.role import Role
from upheld.checks import library
from upheld.documents.models import Step
from upheld.documents.publication import record
from upheld.exports.bundle import contents, proofs
from upheld.exports.bundle.making import Asked, make
from upheld.exports.bundle.scope import About, BundleError, Disclose, Scope
from upheld.exports.bundle.writing import write
from upheld.ledger import sequencer, store
from upheld.ledger.append import append
from upheld.registers.findings.actions import approve_exception, ask_exception
from upheld.verdicts.checking import check, judged_as_of
from upheld.verdicts.keeping import keep


def results(found) -> list[tuple[str, str, str]]:
    return [(each.measure, each.state, each.result) for each in found.reperformed]


def test_a_promise_verifies_and_comes_out_the_same_when_judged_again(company, tmp_path):
    path = company.zip(tmp_path / "b.zip", About.PROMISE, "mini:1")
    found = company.verify(path, reperform=True)
    assert (found.holds, found.report.failed, found.report.skipped) == (
        True,
        [],
        [
            "whether the text of mini was ever approved: no entry of the bundle says so",
            "the words that give a reason for a verdict or a gap: they are the maker's, and no digest is of them",
            "which versions made it (manifest.json: software)",
        ],
    )
    assert results(found) == [(ROLES, "unproven", "same"), (SIGNED, "upheld", "same")]


def test_a_folder_holds_the_same_as_a_zip_file(company, tmp_path):
    made = company.make()
    write(made.members, tmp_path / "folder")
    assert company.verify(tmp_path / "folder", reperform=True).holds
    assert {
        each.relative_to(tmp_path / "folder").as_posix() for each in (tmp_path / "folder").rglob("*") if each.is_file()
    } == made.members.keys()


def test_the_same_call_makes_the_same_manifest_and_under_the_same_checkpoint_the_same_bytes(company, tmp_path):
    first = company.make()
    again = company.make()
    assert again.manifest == first.manifest
    assert again.size == first.size + 1
    same = company.make(checkpoint=first.size)
    write(first.members, tmp_path / "first.zip")
    write(same.members, tmp_path / "same.zip")
    assert (tmp_path / "first.zip").read_bytes() == (tmp_path / "same.zip").read_bytes()
    assert store.current().size() == again.size
    with pytest.raises(BundleError, match="No bundle with these contents was made"):
        company.make(disclose=Disclose.NONE, checkpoint=first.size)


def test_that_it_was_handed_out_is_an_entry(company, one_promise):
    log = store.current()
    entry = json.loads(log.entry(log.size() - 1))
    digest = sha256(one_promise["manifest.json"]).hexdigest()
    assert (entry["kind"], entry["body"]) == ("bundle.made", {"manifest": digest, "about": "promise", "name": "mini:2", "disclose": "all"})


def test_over_a_period_a_break_that_was_mended_shows(company, members):
    found = judged(company, members, again=True)
    assert found.report.failed == []
    assert results(found) == [
        (ROLES, "unproven", "same"),
        (ROLES, "unproven", "same"),
        (SIGNED, "broken", "same"),
        (SIGNED, "upheld", "same"),
        (SIGNED, "upheld", "same"),
    ]
    assert any("none is left out" in line for line in found.report.checked)


def test_over_a_period_entries_out_of_the_order_of_their_times_are_all_there(company, tmp_path):
    for days in (0, -400, 1, -300, -200):  # what was entered as of long ago, or by a clock that was put back
        with clock.at(FIRST + days * DAY + timedelta(minutes=1)), transaction.atomic():
            append("settings.changed", subject=("setting", "x"), body={"days": days})
        sequencer.sequence()
    log = store.current()
    path = company.zip(tmp_path / "b.zip", **PERIOD)
    assert company.verify(path, reperform=True).report.failed == []
    run = proofs.around(log, PERIOD["from_at"], PERIOD["as_of"], log.size())
    there = [json.loads(text)["body"].get("days") for text in log.entries(run.start, run.stop)]
    assert [days for days in there if days in (0, 1)] == [0, 1]


def test_a_period_that_began_before_the_ledger_did_verifies(company, tmp_path):
    path = company.zip(tmp_path / "b.zip", from_at=FIRST - 400 * DAY, as_of=NOW)
    assert company.verify(path).report.failed == []


def test_as_of_a_past_day_the_last_judgement_before_it_counts(company, tmp_path):
    path = company.zip(tmp_path / "b.zip", as_of=FIRST + timedelta(hours=5))
    found = company.verify(path, reperform=True)
    assert found.report.failed == []
    assert results(found) == [(ROLES, "unproven", "same"), (SIGNED, "broken", "same")]


def test_a_document_that_was_changed_since_goes_along_as_it_was_judged(company):
    file = company.workspace.documents / "mini.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("Everybody signs.", "Everybody may sign."), encoding="utf-8")
    made = company.make(About.PROMISE, "mini:2").members
    assert json.loads(made["promises.json"])["promises"][0]["text"] == "Everybody signs."
    assert judged(company, made).holds
    company.day(NOW, WHOLE)  # the control: judged since, it reads as it does now
    assert (
        json.loads(company.make(About.PROMISE, "mini:2", as_of=NOW + DAY).members["promises.json"])["promises"][0]["text"]
        != "Everybody signs."
    )


def test_a_text_that_no_entry_names_is_unproven_and_one_that_was_approved_is_not(company):
    with clock.at(NOW):
        keep(judged_as_of(NOW), NOW, {})  # as a release did that entered no digest of what was promised
        sequencer.sequence()
    found = judged(company, company.make(as_of=NOW).members)
    assert (found.holds, found.report.failed, len(found.report.unproven)) == (False, [], 1)
    assert "that mini promised this: no entry of the bundle names its text" in found.text()
    with clock.at(NOW):
        record("mini", Step.APPROVED, by="1")
    assert judged(company, company.make(as_of=NOW).members).holds


def test_before_anything_was_judged_there_is_nothing_to_hand_out(company):
    with pytest.raises(BundleError, match="Nothing was judged by then"):
        company.make(as_of=FIRST - DAY)


@pytest.mark.parametrize(
    ("about", "name", "why"),
    [
        (About.PROMISE, "mini:9", "no promise mini:9"),
        (About.DOCUMENT, "none", "no document none"),
        (About.CHAPTER, "cooking", "no chapter 'cooking'"),
    ],
)
def test_a_name_that_there_is_not_is_refused_in_words(company, about, name, why):
    with pytest.raises(BundleError, match=why):
        company.make(about, name)


def test_rows_of_people_are_withheld_where_they_are_to_be_masked_and_nobody_is_named(company, tmp_path):
    made = company.make(disclose=Disclose.MASKED, **PERIOD)
    text = b"".join(made.members[name] for name in sorted(made.members))
    assert [marker for marker in (b"Lovelace", b"Diddley", "Ünïcode".encode(), b'example.com"') if marker in text] == []
    write(made.members, tmp_path / "b.zip")
    found = company.verify(tmp_path / "b.zip", reperform=True)
    assert found.report.failed == []
    assert {each.result for each in found.reperformed} == {"cannot"}
    assert not found.holds
    assert company.verify(tmp_path / "b.zip").holds
    assert b"Lovelace" in b"".join(company.make().members.values())  # the control


def test_a_judgement_on_a_history_that_was_altered_is_said_to_be_not_re_performable_and_the_rest_verifies(company, tmp_path):
    for file in (company.workspace.root / "history" / "people").glob("*.parquet"):
        file.write_bytes(file.read_bytes()[::-1])
    with clock.at(NOW):
        check(clock.now())
        sequencer.sequence()
    made = company.make(About.PROMISE, "mini:1")
    assert [each for each in made.lacking if "the history of people is not as it was recorded" in each]
    write(made.members, tmp_path / "b.zip")
    assert company.verify(tmp_path / "b.zip").report.failed == []


def test_a_measure_whose_file_changed_since_is_said_to_be_no_more_re_performable(company, tmp_path):
    (company.workspace.measures / f"{SIGNED}.sql").write_text(MEASURES[SIGNED].replace("LEFT", "INNER") + "-- changed\n")
    made = company.make()
    assert made.lacking == [f"{SIGNED} as of 2026-05-06T12:01:00.000000Z: since then its measure changed, or rows were erased"]
    write(made.members, tmp_path / "b.zip")
    found = company.verify(tmp_path / "b.zip", reperform=True)
    assert [each.result for each in found.reperformed if each.measure == SIGNED] == ["cannot"]
    assert (found.holds, found.report.failed) == (False, [])


def test_what_an_auditor_holds_is_gone_on_from(company, tmp_path):
    held = sequencer.sequence().note.encode()
    path = company.zip(tmp_path / "b.zip", held=(held,))
    found = company.verify(path, held)
    assert (found.holds, "it goes on from the checkpoint of" in found.text()) == (True, True)
    without = company.verify(company.zip(tmp_path / "c.zip"), held)
    assert without.report.failed == [
        f"the bundle has no proof that it goes on from your checkpoint of {held.split()[1].decode()}: ask for one made with --held"
    ]


def test_a_checkpoint_of_another_log_is_not_gone_on_from(company):
    with pytest.raises(BundleError, match="no checkpoint"):
        company.make(held=(b"something else\n",))


def test_a_bundle_goes_on_into_the_next_shard(company, tmp_path):
    sequencer.new_shard("the disk failed")
    company.day(FIRST + 3 * DAY, WHOLE)
    path = company.zip(tmp_path / "b.zip", from_at=FIRST - DAY, as_of=FIRST + 3 * DAY)
    found = company.verify(path, reperform=True)
    assert found.report.failed == []
    assert {each.result for each in found.reperformed} == {"same"}
    assert len(json.loads(company.make().members["manifest.json"])["logs"]) == 2


def test_all_of_it_is_what_the_two_founding_documents_promise_and_what_has_no_evidence_is_unproven(company, tmp_path):
    path = company.zip(tmp_path / "b.zip", About.ALL, "")
    found = company.verify(path, reperform=True)
    assert found.report.failed == []
    assert {each.result for each in found.reperformed} == {"same"}


def test_a_bundle_never_overwrites(company, tmp_path):
    (tmp_path / "there.zip").write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        write({"a": b""}, tmp_path / "there.zip")
    assert (tmp_path / "there.zip").read_bytes() == b"mine"


def test_only_its_owner_can_read_it(company, tmp_path):
    assert company.zip(tmp_path / "b.zip").stat().st_mode & 0o077 == 0
    write({"a/b": b""}, tmp_path / "folder")
    assert Path(tmp_path / "folder").stat().st_mode & 0o077 == 0


def test_an_approved_exception_goes_along_and_the_verdict_comes_out_excepted_again(company, tmp_path):
    later = FIRST + 3 * DAY
    company.day(later, UNSIGNED)
    with clock.at(later + timedelta(hours=1)):
        wanted = ask_exception(
            by=person("lea", Role.SECURITY_LEAD), measure=SIGNED, subject="2", reason="is on leave", until_on=date(2026, 6, 1)
        )
        approve_exception(wanted, by=person("dora", Role.DPO))
    company.day(later + DAY, UNSIGNED)
    with clock.at(later + DAY + timedelta(hours=2)):
        made = make(Asked(Scope(About.PROMISE, "mini:2")))
    assert made.lacking == []
    found = judged(company, made.members, again=True)
    assert (found.report.failed, results(found)) == ([], [(SIGNED, "excepted", "same")])


def test_a_measure_changed_while_the_bundle_is_made_is_refused(tmp_path: Path) -> None:
    shipped = library.SHIPPED / "access" / "mfa_required.sql"
    (path := tmp_path / shipped.name).write_text(shipped.read_text())
    measure = library.shipped()["access/mfa_required"]
    assert contents.measure_file(path, measure) == shipped.read_bytes()
    path.write_text(shipped.read_text() + "-- and more\n")
    with pytest.raises(BundleError, match="changed while the bundle was made"):
        contents.measure_file(path, measure)


def test_what_it_was_held_to_is_told_though_another_floor_is_in_force_since(company, tmp_path):
    """As after an upgrade, which brings other floors and contracts: of one's own chapter or of another, and where nothing was kept."""
    own = company.workspace.measures
    before = company.make(About.PROMISE, "mini:1").members
    (own / "other").mkdir()
    (own / "other" / "parameters.toml").write_text('[p]\ntype = "integer"\ndefault = 3\nmeaning = "nothing of this"\n')
    found = company.verify(company.zip(tmp_path / "b.zip", About.PROMISE, "mini:1"), reperform=True)
    assert (found.holds, results(found)) == (True, [(ROLES, "unproven", "same"), (SIGNED, "upheld", "same")])
    terms = [{name: data for name, data in each.items() if name.startswith("terms/")} for each in (before, unzipped(tmp_path / "b.zip"))]
    assert terms[0] == terms[1] != {}
    hers = own / "people" / "parameters.toml"
    hers.write_text(hers.read_text().replace("2 months", "1 month"))
    found = company.verify(company.zip(tmp_path / "c.zip", About.PROMISE, "mini:1"), reperform=True)
    assert (found.report.failed, [each[2] for each in results(found)]) == ([], ["cannot", "cannot"])
    assert any("since then parameters.people changed, which it was held to" in said for said in found.report.skipped)
    for kept in (company.workspace.root / "terms").iterdir():
        kept.unlink()
    found = company.verify(company.zip(tmp_path / "d.zip", About.PROMISE, "mini:1"), reperform=True)
    assert (found.report.failed, [each[2] for each in results(found)]) == ([], ["cannot", "cannot"])
    assert any("were not kept" in said for said in found.report.skipped)


def unzipped(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
