"""Lines of a file get into a register as by hand: all or none, the same again changes nothing, and what is wrong is given back."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection
from tests.actors import person

from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, NotAllowed
from upheld.actions.models import Call, Step
from upheld.ledger.models import Entry, Outbox
from upheld.registers.exchange.bringing import Outcome, bring, given_back
from upheld.registers.exchange.columns import columns
from upheld.registers.exchange.leaving import table
from upheld.registers.exchange.sheets import csv_lines, xlsx
from upheld.registers.exchange.ways import NoWay, way
from upheld.registers.governance.contacts import enter_jurisdiction
from upheld.registers.governance.models import Contact, Holding, Jurisdiction
from upheld.registers.recorded import deviations, told
from upheld.sources.people.get import Reading
from upheld.sources.people.get import sheet as read_sheet
from upheld.workspace import Workspace

HEAD = "Kind,Title,How,Holder,Jurisdiction,When to call"
POLICE = "police,Police,110,E-lea,de,a break-in"
CERT = "emergency,CERT,cert@example.org,E-lea,de,malware"


@pytest.fixture
def germany(ledger: Workspace, lead: Person) -> Person:
    enter_jurisdiction(by=lead, code="de", title="Germany", from_on="2020-01-01")
    return lead


def brought(path: Path, by: Person, *lines: str, head: str = HEAD, keep: bool = True, partly: bool = False, **said: str) -> Outcome:
    path.write_text("\n".join((head, *lines)), encoding="utf-8")
    sheet, how = read_sheet(path, Reading()), way(Contact)
    return bring(sheet, how, columns(sheet.header, how, said), by=by, keep=keep, partly=partly)


def counts(outcome: Outcome) -> dict[str, int]:
    return {what.value: count for what, count in outcome.counts.items() if count}


def entries() -> int:
    return Entry.objects.count() + Outbox.objects.count()


def test_lines_become_records_by_the_action_and_each_has_an_entry(germany, tmp_path):
    before = entries()
    outcome = brought(tmp_path / "list.csv", germany, POLICE, CERT)
    assert outcome.kept and counts(outcome) == {"new": 2}
    assert list(Contact.objects.order_by("pk").values_list("title", "holder", "jurisdiction__code")) == [
        ("Police", "E-lea", "de"),
        ("CERT", "E-lea", "de"),
    ]
    assert entries() == before + 2
    steps = Step.objects.filter(action="governance.add-contact")
    assert [step.entry_id for step in steps] == [call.entry_id for call in Call.objects.order_by("pk")]
    assert steps[0].changes["title"] == [None, "Police"]
    assert dict(deviations(Contact, told().last)) == {}


def test_a_preview_leaves_no_trace(germany, tmp_path):
    before = entries()
    outcome = brought(tmp_path / "list.csv", germany, POLICE, keep=False)
    assert not outcome.kept and counts(outcome) == {"new": 1}
    assert not Contact.objects.exists() and entries() == before and not Call.objects.exists()


def test_the_same_again_changes_nothing_and_a_line_that_stands_twice_is_two(germany, tmp_path):
    assert counts(brought(tmp_path / "list.csv", germany, POLICE, POLICE)) == {"new": 2}
    assert counts(brought(tmp_path / "list.csv", germany, POLICE, POLICE)) == {"the same": 2}
    assert Contact.objects.count() == 2


def test_one_wrong_line_keeps_all_out_and_they_come_back_to_be_corrected(germany, tmp_path):
    path = tmp_path / "list.csv"
    outcome = brought(path, germany, POLICE, CERT.replace("emergency,", "sheriff,"), "too,few")
    assert not outcome.kept and counts(outcome) == {"new": 1, "wrong": 2}
    assert not Contact.objects.exists()
    back = list(given_back(read_sheet(path, Reading()), outcome))
    assert [line[-1][:32] for line in back[1:]] == ["", "kind: sheriff is none of: superv", "line: has 2 cells where the head"]
    again = [line[:-1] for line in back[1:3]]
    mended = [",".join(line).replace("sheriff", "emergency") for line in again]
    assert counts(brought(path, germany, *mended)) == {"new": 2}


def test_only_right_lines_are_kept_where_that_is_wanted(germany, tmp_path):
    path = tmp_path / "list.csv"
    outcome = brought(path, germany, POLICE, CERT.replace("de", "fr"), partly=True)
    assert outcome.kept and counts(outcome) == {"new": 1, "wrong": 1}
    assert [line[1] for line in given_back(read_sheet(path, Reading()), outcome)] == ["Title", "CERT"]
    assert outcome.wrong[0].told == ("jurisdiction: There is no jurisdiction fr.",)
    assert dict(deviations(Contact, told().last)) == {}


def test_what_went_out_comes_back_as_the_same_and_what_was_edited_is_changed(germany, tmp_path):
    brought(tmp_path / "list.csv", germany, POLICE.replace("110", "+49 110"), CERT)
    rows = list(table(Contact, Contact.objects.order_by("pk")))
    for path, content in ((tmp_path / "out.csv", "".join(csv_lines(rows)).encode()), (tmp_path / "out.xlsx", xlsx(rows))):
        path.write_bytes(content)
        sheet, how = read_sheet(path, Reading()), way(Contact)
        outcome = bring(sheet, how, columns(sheet.header, how, {}), by=germany, keep=True)
        assert counts(outcome) == {"the same": 2}, path
    rows[2][rows[0].index("how")] = "@CERT-Bund"
    (tmp_path / "out.csv").write_text("".join(csv_lines(rows)))
    sheet = read_sheet(tmp_path / "out.csv", Reading())
    outcome = bring(sheet, how, columns(sheet.header, how, {}), by=germany, keep=True)
    assert counts(outcome) == {"changed": 1, "the same": 1} and outcome.brought[1].told == ("how",)
    assert Contact.objects.get(title="CERT").how == "@CERT-Bund"
    assert dict(deviations(Contact, told().last)) == {}


def test_a_file_of_numbers_and_one_column_leaves_the_others_as_they_are(germany, tmp_path):
    brought(tmp_path / "list.csv", germany, POLICE)
    outcome = brought(tmp_path / "list.csv", germany, "1,112", head="Number,Telephone", how="Telephone")
    assert counts(outcome) == {"changed": 1}
    contact = Contact.objects.get()
    assert (contact.how, contact.title, contact.when_to_call) == ("112", "Police", "a break-in")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("7,112", "number: There is no contact 7; leave the number out to make a new one."),
        ("one,112", "number: There is no contact one; leave the number out to make a new one."),
        ("1,", "how: This field is required."),
    ],
)
def test_a_number_that_is_nobody_s_and_a_field_that_is_needed_are_said(germany, tmp_path, line, told):
    brought(tmp_path / "list.csv", germany, POLICE)
    outcome = brought(tmp_path / "list.csv", germany, line, head="number,how")
    assert outcome.wrong[0].told == (told,) and Contact.objects.get().how == "110"


@pytest.mark.parametrize(
    ("head", "said", "told"),
    [
        ("Kind,Title", {}, "no column for how, holder"),
        (HEAD + ",Title", {}, "two columns 'Title'"),
        (HEAD, {"how": "Telephone"}, "no column 'Telephone'"),
        (HEAD, {"colour": "Title"}, "no field 'colour'"),
    ],
)
def test_columns_that_do_not_fit_are_refused_before_anything_is_done(germany, tmp_path, head, said, told):
    with pytest.raises(Ill, match=told):
        brought(tmp_path / "list.csv", germany, POLICE, head=head, **said)


def test_whoever_may_not_is_refused_and_a_register_without_a_way_says_so(germany, tmp_path):
    with pytest.raises(NotAllowed):
        brought(tmp_path / "list.csv", person("bob", Role.AUDITOR), POLICE)
    with pytest.raises(NoWay, match=r"Say which action|There is no action"):
        way(Holding, "give-nothing")
    assert way(Jurisdiction).key == "code"


def test_a_file_that_ends_too_early_is_not_brought(germany, tmp_path):
    with pytest.raises(Ill, match="cannot be read to its end"):
        brought(tmp_path / "list.csv", germany, POLICE, 'cert,"CERT')


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "'quoted", "\t=1"])
def test_cells_that_look_like_formulas_go_out_as_text_and_come_back_as_they_were(germany, tmp_path, name):
    brought(tmp_path / "list.csv", germany, POLICE)
    contact = Contact.objects.get()
    contact.title = name
    rows = list(table(Contact, [contact]))
    cell = next(iter(list(csv_lines(rows))[1:])).split(",")[2]
    assert not cell.lstrip('"').startswith(("=", "+", "-", "@", "\t"))
    (tmp_path / "out.xlsx").write_bytes(xlsx(rows))
    assert read_sheet(tmp_path / "out.xlsx", Reading()).lines[0].cells[2] == name


def test_a_kill_in_the_middle_keeps_nothing(germany, tmp_path, workspace):
    path = tmp_path / "list.csv"
    path.write_text("\n".join((HEAD, *(POLICE.replace("Police", f"Police {number}") for number in range(3_000)))), encoding="utf-8")
    program = (
        "import sys, django; django.setup()\n"
        "from tests.actors import person\n"
        "from upheld.accounts.role import Role\n"
        "from upheld.registers.exchange.bringing import bring\n"
        "from upheld.registers.exchange.columns import columns\n"
        "from upheld.registers.exchange.ways import way\n"
        "from upheld.registers.governance.models import Contact\n"
        "from upheld.sources.people.get import Reading, sheet\n"
        "from pathlib import Path\n"
        "found, how = sheet(Path(sys.argv[1]), Reading()), way(Contact)\n"
        "tell = lambda done, of: done == 1200 and print('in the middle', flush=True)\n"
        "bring(found, how, columns(found.header, how, {}), by=person('lea', Role.SECURITY_LEAD), keep=True, tell=tell)\n"
    )
    connection.close()
    environment = {"PATH": "/usr/bin", "DJANGO_SETTINGS_MODULE": "upheld.settings", "UPHELD_WORKSPACE": str(workspace.root)}
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, env=environment, cwd=Path(__file__).parents[3]
    ) as working:
        assert working.stdout is not None and working.stdout.readline() == b"in the middle\n"
        working.kill()
        working.wait()
    time.sleep(0.1)
    assert not Contact.objects.exists() and not Call.objects.exists()
    assert dict(deviations(Contact, told().last)) == {}
    assert counts(brought(path, germany, POLICE)) == {"new": 1}
