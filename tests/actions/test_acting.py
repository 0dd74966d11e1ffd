from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection
from tests.actors import person

from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.asking import ask, ask_for_each
from upheld.actions.declaring import declared
from upheld.actions.errors import Crossed, Ill, KeyReused, NoSuchRecord, NotAllowed, OutOfScope, OutsideAction, Refused, SamePerson
from upheld.actions.models import Call, Step
from upheld.ledger.lookup import entries
from upheld.ledger.openings import opened
from upheld.registers.governance.contacts import add_contact, change_contact, enter_jurisdiction, verify_contact
from upheld.registers.governance.models import Contact, ContactKind, Jurisdiction
from upheld.registers.governance.projects import approve_assessment, assess_project, start_project


def contact(by: Person) -> Contact:
    germany = Jurisdiction.objects.first() or enter_jurisdiction(by=by, code="de", title="Germany", from_on=date(2020, 1, 1))
    return add_contact(by=by, kind=ContactKind.POLICE, title="Police", how="110", holder="E-ada", jurisdiction=germany)


def test_a_row_and_its_entry_come_together(lead: Person) -> None:
    made = contact(lead)
    step = Step.objects.get(register="governance.contact", record=str(made.pk))
    entry = entries([step.entry_id])[step.entry_id]
    assert entry["kind"] == "governance.add-contact"
    assert entry["subject"] == {"type": "record", "id": made.reference}
    assert entry["body"]["rows"] == [
        {"record": made.reference, "version": 1, "digest": made.row_digest(), "changed": sorted(step.changes)},
    ]
    assert entry["body"]["given"]["kind"] == "police"
    assert step.by == opened(step.entry_id)["actor"].value == "E-lea"


def test_what_may_name_somebody_is_in_no_entry(lead: Person) -> None:
    contact(lead)
    step = Step.objects.get(action="governance.add-contact")
    entry = entries([step.entry_id])[step.entry_id]
    assert set(entry["pii"]) == {"title", "how", "holder"}
    assert opened(step.entry_id)["holder"].value == "E-ada"
    assert not any(word in str(entry) for word in ("Police", "E-ada", "E-lea"))


def test_an_edit_that_crosses_another_is_caught_with_what_the_other_changed(lead: Person) -> None:
    seen = contact(lead)
    said = {"title": "Police", "how": "112", "holder": "E-ada", "jurisdiction": seen.jurisdiction}
    change_contact(Contact.objects.get(pk=seen.pk), by=lead, **said)
    with pytest.raises(Crossed, match="how is now 112") as crossed:
        change_contact(seen, by=lead, **said | {"title": "The police"})
    assert [(each.field, each.before, each.after) for each in crossed.value.changes] == [("how", "110", "112")]
    assert Contact.objects.get(pk=seen.pk).title == "Police"


def test_what_is_asked_in_words_is_read_field_by_field(lead: Person) -> None:
    with pytest.raises(Ill) as wrong:
        ask(declared()["governance.add-contact"], {"kind": "friend", "title": "", "telephone": "1"}, by=lead)
    assert {name: said[0][:22] for name, said in wrong.value.fields.items()} == {
        "telephone": "governance.add-contact",
        "kind": "friend is none of: sup",
        "title": "This field is required",
        "how": "This field is required",
        "holder": "This field is required",
    }
    assert not Step.objects.exists()


def test_the_same_request_again_is_not_done_twice(lead: Person) -> None:
    enter = declared()["governance.enter-jurisdiction"]
    said = {"code": "de", "title": "Germany", "from_on": "2020-01-01"}
    first = ask(enter, said, by=lead, key="k1")
    again = ask(enter, said, by=lead, key="k1")
    assert (again.entry_id, again.record) == (first.entry_id, first.record)
    assert Jurisdiction.objects.count() == Call.objects.count() == 1
    with pytest.raises(KeyReused):
        ask(enter, said | {"code": "fr"}, by=lead, key="k1")


def test_who_has_not_the_role_is_refused_and_that_is_entered(lead: Person, ada: Person) -> None:
    with pytest.raises(NotAllowed, match="takes the role dpo or security-lead"):
        enter_jurisdiction(by=ada, code="de", title="Germany", from_on=date(2020, 1, 1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM ledger_outbox ORDER BY n DESC LIMIT 1")
        (last,) = cursor.fetchone()
    assert b'"kind":"action.refused"' in bytes(last) and b"governance.enter-jurisdiction" in bytes(last)
    assert not Jurisdiction.objects.exists()


def test_an_employee_acts_on_their_own_records_alone(lead: Person, ada: Person) -> None:
    made = contact(lead)
    verify_contact(made, by=ada)
    with pytest.raises(OutOfScope, match=f"There is no contact {made.pk}."):
        verify_contact(Contact.objects.get(pk=made.pk), by=person("cy", Role.EMPLOYEE))
    with pytest.raises(NoSuchRecord, match=r"There is no contact 99\."):
        ask(verify_contact, {}, by=ada, number=99)


def test_nobody_approves_what_they_wrote(lead: Person) -> None:
    project = start_project(by=lead, name="crm", title="CRM", owner="E-ada")
    written = assess_project(project, by=lead, risks="few", classification="internal", personal_data=True, dpia_needed=False)
    with pytest.raises(SamePerson, match="You did “assess project” on this assessment yourself"):
        approve_assessment(written, by=lead)
    approved = approve_assessment(written, by=person("max", Role.MANAGER, Role.DPO))
    assert approved.approved_by == "E-max"


def test_changing_the_step_behind_our_back_does_not_help(lead: Person) -> None:
    project = start_project(by=lead, name="crm", title="CRM", owner="E-ada")
    written = assess_project(project, by=lead, risks="few", classification="internal", personal_data=True, dpia_needed=False)
    Step.objects.filter(action="governance.assess-project").update(by="E-zed")
    with pytest.raises(SamePerson):
        approve_assessment(written, by=lead)


def test_for_many_it_is_all_or_none(lead: Person, ada: Person) -> None:
    first, second = contact(lead), contact(lead)
    ask_for_each(verify_contact, {}, by=ada, numbers=[first.pk, second.pk])
    assert Contact.objects.exclude(verified_at=None).count() == 2
    before = Step.objects.count()
    with pytest.raises(Refused):
        ask_for_each(declared()["governance.note-participation"], {"note": "met"}, by=lead, numbers=[first.pk, second.pk])
    assert Step.objects.count() == before


def test_a_register_is_written_by_actions_alone(ledger: object) -> None:
    with pytest.raises(OutsideAction):
        keep(Jurisdiction(code="de", title="Germany", from_on=date(2020, 1, 1)))


@pytest.mark.parametrize("code", ["No such", "de fr", "-de", "de\n", "ä", "d" * 61])
def test_a_code_is_whole(lead: Person, code: str) -> None:
    with pytest.raises(Ill, match="Use small letters"):
        ask(declared()["governance.enter-jurisdiction"], {"code": code, "title": "x", "from_on": "2020-01-01"}, by=lead)


def in_threads(calls: list[Callable[[], object]]) -> list[object]:
    """Do all of `calls` at once, each on a connection of its own, and return what each came to."""

    def one(call: Callable[[], object]) -> object:
        try:
            return call()
        except Refused as error:
            return type(error).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def test_of_four_who_edit_at_once_one_is_kept(lead: Person) -> None:
    made = contact(lead)
    calls = [lambda: ask(verify_contact, {}, by=lead, number=made.pk, seen=1).record] * 4
    assert sorted(map(str, in_threads(calls))) == ["Crossed", "Crossed", "Crossed", made.reference]
    assert Contact.objects.get().version == 2


def test_one_request_sent_four_times_at_once_is_done_once(lead: Person) -> None:
    said = {"code": "de", "title": "Germany", "from_on": "2020-01-01"}
    calls = [lambda: ask(declared()["governance.enter-jurisdiction"], said, by=lead, key="k").record] * 4
    assert in_threads(calls) == ["governance.jurisdiction/1"] * 4
    assert Jurisdiction.objects.count() == 1


def test_who_may_not_learns_nothing_of_what_there_is(lead: Person, ada: Person) -> None:
    made, end = contact(lead), declared()["governance.end-contact"]
    said = []
    for number in (made.pk, 99):
        with pytest.raises(Refused) as refused:
            ask(end, {"nonsense": "x"}, by=ada, number=number)
        said.append((type(refused.value), str(refused.value)))
    assert said[0] == said[1]
    stranger, told = person("cy", Role.EMPLOYEE), []
    for number in (made.pk, 99):
        with pytest.raises(Refused) as refused:
            ask(verify_contact, {"nonsense": "x"}, by=stranger, number=number)
        told.append(str(refused.value).replace(str(number), "N"))
    assert told == ["There is no contact N."] * 2


@pytest.mark.parametrize("title", ["\ud800", "a\x00b"])
def test_what_is_no_text_is_refused(lead: Person, title: str) -> None:
    with pytest.raises(Ill) as wrong:
        ask(declared()["governance.enter-jurisdiction"], {"code": "de", "title": title, "from_on": "2020-01-01"}, by=lead)
    assert set(wrong.value.fields) == {"title"}


@pytest.mark.parametrize("number", [10**30, 2**63, -1, "1e3", "٣", ""])
def test_a_number_of_no_record_is_refused(lead: Person, number: object) -> None:
    with pytest.raises(Refused):
        ask(verify_contact, {}, by=lead, number=number)  # type: ignore[arg-type]
    said = {"kind": "police", "title": "x", "how": "y", "holder": "E-ada", "jurisdiction": number or "x"}
    with pytest.raises(Ill, match="jurisdiction"):
        ask(declared()["governance.add-contact"], said, by=lead)
