"""The auditor's space: what the role fixes and no more, nothing hidden that was mended in time, and what may be taken along."""

import io
import json
import subprocess
import sys
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from tests.exports.conftest import company, founded
from tests.exports.given import DAY, FIRST, NOW, ORIGIN, ROLES, SIGNED, Company
from tests.web.test_pages import assert_well_made
from tests.web.test_pages import text as spaced
from tests.world import account, browser, outsider, person

from upheld import clock
from upheld.accounts.models import Account
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, NotAllowed, Refused
from upheld.exports.bundle import prepared
from upheld.exports.bundle.scope import About, Disclose
from upheld.jobs import bundling
from upheld.ledger import sequencer, store
from upheld.ledger.verify.bundle import program
from upheld.registers.compliance import bundles
from upheld.registers.compliance.space_models import AuditorBundle, AuditorRemark, AuditorSample
from upheld.registers.trust import opening
from upheld.registers.trust.models import Shown, ToAuditors
from upheld.verdicts.models import MeasureVerdict

__all__ = ["company", "founded"]

PERIOD = (FIRST.date(), FIRST.date() + DAY)  # the second day mended what was broken on the first; the third is not in it
HERE = f"/audit/1/measures/{SIGNED}/"


@pytest.fixture
def at_work(company: Company):
    """The company three months later, with an auditor of the first two days and one of another document."""
    with clock.at(NOW + timedelta(days=90)):
        outsider("bob", Role.AUDITOR, over=("document", "mini"), period=PERIOD)
        yield company


def text(answer) -> str:
    return spaced(answer).replace(" .", ".").replace(" ,", ",")


def bob():
    return browser(Account.objects.get(mail="bob@example.org"))


def test_scope_and_period_are_what_the_role_says(at_work):
    shown = bob().get("/audit/1/")
    page = text(shown)
    assert "Auditor's space: document mini" in page and "From 4 May 2026 to 5 May 2026." in page
    assert shown.content.decode().count("/audit/1/measures/") == 2
    assert_well_made(shown.content.decode())
    assert bob().get("/audit/").headers["Location"] == "/audit/1/"
    assert bob().get("/audit/2/").status_code == 404
    assert bob().get("/audit/1/measures/backup/restore_proven/").status_code == 404


def test_what_was_mended_in_time_is_not_hidden(at_work):
    page = text(bob().get(HERE))
    assert "It broke 1 time in the period, and was mended 1 time." in page
    assert "Bo Diddley" in page and "broken" in page and "2 pass, 1 fail" in page
    assert_well_made(bob().get(HERE).content.decode())


def test_it_says_how_things_stood_on_any_day_of_the_period_and_of_no_other(at_work):
    assert "broken at the end of 4 May 2026." in text(bob().get(HERE, {"on": "2026-05-04"})).replace("✕ ", "")
    assert "upheld at the end of 5 May 2026." in text(bob().get(HERE, {"on": "2026-05-05"})).replace("● ", "")
    for day in ("2026-05-06", "2026-05-03", "yesterday", "2026-13-01"):
        assert "Give a day from" in text(bob().get(HERE, {"on": day}))
        assert bob().get(f"{HERE}population.csv", {"on": day}).status_code == 404


def test_the_population_is_that_of_the_day(at_work):
    lines = b"".join(bob().get(f"{HERE}population.csv", {"on": "2026-05-04"})).decode().splitlines()
    assert lines == ["subject,label,outcome", "1,Ada Lovelace,passes", "2,Bo Diddley,fails", "3,Čy Ünïcode,passes"]
    after = b"".join(bob().get(f"{HERE}population.csv", {"on": "2026-05-05"})).decode()
    assert "Bo Diddley,passes" in after


def test_a_verdict_that_was_changed_behind_our_back_is_told_as_such(at_work):
    MeasureVerdict.objects.filter(measure=SIGNED, state="broken").update(state="upheld")
    assert "the database says otherwise than the ledger" in text(bob().get("/audit/1/"))
    assert "changed behind the product's back" in text(bob().get(HERE))


def drawn(size: int = 2, day: str = "2026-05-04", measure: str = SIGNED, **more: str):
    return bob().post("/act/compliance.draw-as-auditor/", {"measure": measure, "size": size, "as_of_on": day, "key": day + measure, **more})


def test_a_sample_follows_from_seed_and_digest_alone_and_is_entered(at_work):
    answer = drawn(seed="ab" * 16)
    sample = AuditorSample.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/audit/samples/{sample.pk}/")
    subjects = ["1", "2", "3"]
    digest = sha256("".join(f"{each}\n" for each in subjects).encode()).hexdigest()
    assert (sample.digest, sample.population, sample.size, sample.verdict) == (digest, 3, 2, "broken")
    tickets = sorted(subjects, key=lambda each: sha256(f"{sample.seed} {digest} {each}".encode()).hexdigest())[:2]
    names = {"1": "Ada Lovelace", "2": "Bo Diddley", "3": "Čy Ünïcode"}
    shown = text(bob().get(f"/audit/samples/{sample.pk}/"))
    assert [names[each] in shown for each in subjects] == [each in tickets for each in subjects]
    sequencer.sequence()
    log = store.current()
    assert log is not None
    (entry,) = [json.loads(data) for data in log.entries(0, log.size()) if b'"sample.drawn"' in data]
    assert entry["body"] == {"as_of": "2026-05-05T00:00:00.000000Z", "digest": digest, "population": 3, "seed": "ab" * 16, "size": 2}


def test_nobody_draws_outside_scope_or_period_nor_sees_anothers(at_work):
    assert drawn(day="2026-05-06").status_code == 403
    assert drawn(measure="backup/restore_proven").status_code == 403
    assert AuditorSample.objects.count() == 0
    drawn()
    account("eve", Role.AUDITOR, over=("chapter", "backup"), period=PERIOD)
    eve = browser(Account.objects.get(mail="eve@example.org"))
    assert eve.get(f"/audit/samples/{AuditorSample.objects.get().pk}/").status_code == 404


def test_a_request_has_a_clock_and_a_note_is_ones_own(at_work):
    due = clock.now().date() + timedelta(days=3)
    bob().post("/act/compliance.ask-company/", {"what": "The signed paper of Bo", "due_on": due, "about": SIGNED, "key": "1"})
    bob().post("/act/compliance.note-as-auditor/", {"what": "Looks odd", "key": "2"})
    lea = account("lea", Role.SECURITY_LEAD)
    shown = text(browser(lea).get("/audit/1/"))
    assert "The signed paper of Bo" in shown and "Looks odd" not in shown
    with clock.at(clock.now() + timedelta(days=4)):
        assert "overdue" in text(bob().get("/audit/1/"))
        request = AuditorRemark.objects.get(kind="request")
        sent = browser(lea).post(
            "/act/compliance.answer-auditor/",
            {"record": request.pk, "answer": "Here it is.", "file": SimpleUploadedFile("paper.pdf", b"signed"), "key": "3"},
        )
        assert sent.status_code == 302
        assert bob().post("/act/compliance.answer-auditor/", {"record": request.pk, "answer": "Mine", "key": "4"}).status_code == 403
        assert b"".join(bob().get(f"/audit/answers/{request.pk}/file")) == b"signed"
        assert browser(account("eve", Role.AUDITOR)).get(f"/audit/answers/{request.pk}/file").status_code == 404
        assert bob().post("/act/compliance.accept-company-answer/", {"record": request.pk, "key": "5"}).status_code == 302
    assert AuditorRemark.objects.get(kind="request").closed_at is not None


def test_the_bundle_verifies_on_a_bare_python_and_is_judged_again_with_duckdb_alone(at_work, tmp_path: Path):
    assert bob().post("/audit/1/bundle").headers["Location"] == "/audit/1/#bundles"
    assert "It waits for the worker." in text(bob().get("/audit/1/")) and bob().get("/audit/bundles/1.zip").status_code == 404
    (chore,) = (each for each in bundling.chores(clock.now()) if each.name == "auditors' bundles")
    assert chore.work() == "1 made, 0 not" and list(bundling.chores(clock.now())) == []
    asked = AuditorBundle.objects.get()
    assert (asked.disclose, len(asked.manifest)) == ("all", 64) and f"manifest {asked.manifest}" in text(bob().get("/audit/1/"))
    assert browser(account("eve", Role.AUDITOR)).get("/audit/bundles/1.zip").status_code == 404
    (tmp_path / "bundle.zip").write_bytes(b"".join(bob().get("/audit/bundles/1.zip")))
    verifier = tmp_path / "verify_upheld.py"
    program.write(verifier)
    log = store.current()
    assert log is not None and log.origin == ORIGIN
    key = sequencer.verification_key(log).text()
    command = [sys.executable, "-I", "-S", str(verifier), str(tmp_path / "bundle.zip"), "--key", key]
    bare = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, timeout=60)
    assert bare.returncode == 0, bare.stdout + bare.stderr
    command.remove("-S")
    again = subprocess.run([*command, "--reperform"], capture_output=True, text=True, check=False, cwd=tmp_path, timeout=120)
    assert again.returncode == 0, again.stdout + again.stderr
    import zipfile

    with zipfile.ZipFile(tmp_path / "bundle.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert (manifest["about"], manifest["name"], manifest["from"][:10], manifest["as_of"][:10]) == ("document", "mini", *map(str, PERIOD))
    assert set(manifest["measures"]) == {SIGNED, ROLES}
    assert bob().get("/audit/1/bundle").status_code == 405
    with clock.at(clock.now() + timedelta(days=1, minutes=1)):
        assert bob().get("/audit/bundles/1.zip").status_code == 404
        (old,) = (each for each in bundling.chores(clock.now()) if each.name == "old bundles")
        assert old.work() == "2 files deleted" and not prepared.place(asked).exists()


def test_where_auditors_are_shown_numbers_nobody_is_named_and_no_row_goes_along(at_work):
    lea = person(account("lea", Role.SECURITY_LEAD))
    assert "Bo Diddley" in text(bob().get(HERE))
    opening.open_trust_center(by=lea, company="Mini", contact="security@mini.example")
    shown = {"public": Shown.STATE, "customers": Shown.STATE, "auditors": ToAuditors.NUMBERS}
    opening.show_promise(by=lea, promise="mini:1", why="The works council wants it so.", **shown)
    day = f"?on={FIRST.date()}"
    page = text(bob().get(f"{HERE}{day}"))
    assert "how many pass and fail, and not who" in page and "broken" in page and "Bo Diddley" not in page
    assert bob().get(f"{HERE}population.csv{day}").status_code == 403
    bob().post("/act/compliance.draw-as-auditor/", {"measure": SIGNED, "size": 3, "as_of_on": str(FIRST.date()), "key": "1"})
    assert "Bo Diddley" not in text(bob().get(f"/audit/samples/{AuditorSample.objects.get().pk}/"))
    assert "only their digests" in text(bob().get("/audit/1/"))
    bob().post("/audit/1/bundle")
    assert bundling.make_all() == "1 made, 0 not" and AuditorBundle.objects.get().disclose == "none"
    assert b"Bo Diddley" not in b"".join(bob().get("/audit/bundles/1.zip"))


def test_a_bundle_that_cannot_be_made_says_why_and_none_is_asked_for_beyond_ones_own(at_work, monkeypatch):
    somebody = person(Account.objects.get(mail="bob@example.org"))
    asked = {"about": "document", "name": "mini", "from_at": FIRST, "as_of": FIRST + DAY}
    for other in ({"name": "iso"}, {"about": "all", "name": None}, {"from_at": FIRST - 2 * DAY}, {"as_of": FIRST + 9 * DAY}):
        with pytest.raises(NotAllowed):
            bundles.ask_for_bundle(by=somebody, **(asked | other))
    for about in ("promise", "measure", "everything"):  # of these it could not be told whose names may go along
        with pytest.raises(Ill):
            bundles.ask_for_bundle(by=somebody, **(asked | {"about": about, "name": "mini:1"}))
    assert prepared.disclosed(About.CHAPTER, "nothing") is Disclose.NONE
    made = [bundles.ask_for_bundle(by=somebody, **asked) for _ in range(bundles.MOST_WAITING)]
    with pytest.raises(Refused, match="being made"):
        bundles.ask_for_bundle(by=somebody, **asked)
    with pytest.raises(NotAllowed):
        bundles.note_bundle_failed(made[0], by=person(account("lea", Role.SECURITY_LEAD)), trouble="x")
    AuditorBundle.objects.update(name="gone")  # as if the document went meanwhile
    assert bundling.make_all() == "0 made, 3 not"
    assert "There is no document gone" in text(bob().get("/audit/1/"))


def test_the_statement_of_applicability_names_every_control(at_work):
    page = bob().get("/audit/1/applicability/")
    assert_well_made(page.content.decode())
    assert "1 of 93 controls are promised within document mini" in text(page)
    lines = bob().get("/audit/1/applicability.csv").content.decode().splitlines()
    assert len(lines) == 94
    (row,) = [line for line in lines if line.startswith("A.6.6,")]
    assert "mini:1, mini:2" in row and SIGNED in row
    book = load_workbook(io.BytesIO(bob().get("/audit/1/applicability.xlsx").content))
    assert book.active.max_row == 94
    assert bob().get("/audit/1/applicability.pdf").status_code == 404


def test_who_neither_audits_nor_leads_has_no_space(at_work):
    eve = browser(account("eve", Role.EMPLOYEE))
    for path in ("/audit/", "/audit/1/", HERE, "/audit/1/applicability/"):
        assert eve.get(path).status_code == 403
    assert date(2026, 5, 4) == PERIOD[0]


def test_a_space_asks_the_database_for_little_however_many_measures_are_in_it(at_work):
    whole = browser(account("eve", Role.AUDITOR, period=PERIOD))
    asked = []
    for client in (bob(), whole):
        client.get("/audit/1/")
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/audit/1/").status_code == 200
        asked.append(len(captured))
    assert max(asked) <= 25 and abs(asked[0] - asked[1]) <= 1


def test_the_space_speaks_german(at_work):
    here = bob()
    here.cookies["upheld-language"] = "de"
    assert "Raum der Prüfenden" in text(here.get("/audit/1/")) and "Von den 365 Tagen bis zum " in here.get("/audit/1/").content.decode()
    assert "Wie sie geprüft wird" in text(here.get(HERE)) and "Anhang A" in text(here.get("/audit/1/applicability/"))
