"""What binds and prepares people: undertakings, authorisations, courses and sanctions, and who may keep them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.actors import person

from upheld.accounts.person import Held, Person
from upheld.accounts.role import Role, Verb
from upheld.accounts.scope import scope
from upheld.actions.errors import Ill, NotAllowed, Refused
from upheld.actions.files import Kept, keep_file
from upheld.registers.people.authorising import authorise, end_authorisation
from upheld.registers.people.models import Completion, Course, Provider, Sanction
from upheld.registers.people.rows import course_completions, courses, data_authorisations, undertakings
from upheld.registers.people.sanctions import record_sanction
from upheld.registers.people.signing import keep_undertaking
from upheld.registers.people.training import declare_course, hand_in_certificate, hold_course, record_completion, retire_course

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def paper(ledger: object) -> Kept:
    """Something signed."""
    return keep_file(b"signed")


@pytest.fixture
def course(lead: Person) -> Course:
    said = {"provider": Provider.INSIDE, "subjects": ["data-protection"], "mandatory": True}
    return declare_course(by=lead, name="privacy", title="Privacy", **said)


def test_what_was_signed_on_paper_is_kept_by_somebody_else(lead: Person, paper: Kept) -> None:
    keep_undertaking(by=lead, person="E-ada", signed_on=date(2026, 5, 1), paper=paper)
    assert [(row["person_id"], row["signed_on"], row["paper"]) for row in undertakings()] == [("E-ada", date(2026, 5, 1), paper.sha256)]
    with pytest.raises(Ill, match="Somebody else keeps what you signed"):
        keep_undertaking(by=lead, person="E-lea", signed_on=TODAY, paper=paper)
    with pytest.raises(Ill, match="lies in the future"):
        keep_undertaking(by=lead, person="E-ada", signed_on=TODAY + timedelta(days=1), paper=paper)


def test_an_authorisation_counts_from_now_on_unless_a_paper_says_earlier(lead: Person, paper: Kept) -> None:
    said = {"person": "E-ada", "system": "crm", "categories": ["customers"], "purpose": "support"}
    given = authorise(by=lead, **said)
    assert (given.given_at, given.from_on) == (NOW, TODAY)
    before = NOW - timedelta(days=99)
    with pytest.raises(Ill, match="Hand in the paper"):
        authorise(by=lead, given_at=before, **said)
    assert authorise(by=lead, given_at=before, letter=paper, **said).given_at == before
    with pytest.raises(Ill, match="Nobody authorises themself"):
        authorise(by=lead, **{**said, "person": "E-lea"})
    with pytest.raises(Ill, match="which personal data"):
        authorise(by=lead, **{**said, "categories": []})
    end_authorisation(given, by=lead, until_on=TODAY)
    assert [row["until_on"] for row in data_authorisations()] == [TODAY, None]


def test_whoever_was_there_has_completed_the_course(lead: Person, course: Course, paper: Kept) -> None:
    said = {"held_on": date(2026, 5, 1), "trainer": "Eve"}
    hold_course(course, by=lead, attended=["E-ada", "E-bob"], **said)
    with pytest.raises(Ill, match="hand in the list that people signed"):
        hold_course(course, by=lead, attended=["E-lea"], **said)
    hold_course(course, by=lead, attended=["E-lea", "E-bob"], register=paper, **said)
    assert sorted(row["person_id"] for row in course_completions()) == ["E-ada", "E-bob", "E-lea"]
    with pytest.raises(Ill, match="Say who was there"):
        hold_course(course, by=lead, attended=[], **said)


def test_nobody_confirms_their_own_training(lead: Person, ada: Person, course: Course, paper: Kept) -> None:
    with pytest.raises(Ill, match="Nobody confirms their own training"):
        record_completion(course, by=lead, person="E-lea", completed_on=TODAY)
    with pytest.raises(NotAllowed, match="takes the role"):
        record_completion(course, by=ada, person="E-ada", completed_on=TODAY)
    hand_in_certificate(course, by=ada, completed_on=TODAY, certificate=paper)
    with pytest.raises(Refused, match="recorded already"):
        record_completion(course, by=lead, person="E-ada", completed_on=TODAY)
    assert Completion.objects.get().certificate == paper.sha256


def test_a_retired_course_is_taught_no_longer_and_what_was_learned_stays(lead: Person, course: Course) -> None:
    record_completion(course, by=lead, person="E-ada", completed_on=TODAY)
    retire_course(Course.objects.get(), by=lead)
    with pytest.raises(Refused, match="is retired"):
        record_completion(Course.objects.get(), by=lead, person="E-bob", completed_on=TODAY)
    assert [row["retired_at"] for row in courses()] == [NOW]
    assert len(list(course_completions())) == 1
    with pytest.raises(Ill, match="Say who gives it"):
        declare_course(by=lead, name="b", title="B", provider=Provider.OUTSIDE, subjects=[], mandatory=False)


def test_sanctions_are_for_human_resources_alone(lead: Person, ada: Person) -> None:
    said = {"person": "E-ada", "rule": "access policy", "what": "warned"}
    somebody = person("oda", Role.OWNER)
    hr = Person(somebody.account_id, "E-hal", "Hal", (Held(Role.OWNER, over=("owner", "people")),), "web")
    for other in (lead, ada, somebody, person("max", Role.MANAGER)):
        with pytest.raises(NotAllowed):
            record_sanction(by=other, **said)
    record_sanction(by=hr, **said)
    records = Sanction.objects.all()
    seen = {who.ref: scope(who, Verb.SEE, records, Sanction.ties, thing="sanctions").count() for who in (lead, ada, somebody, hr)}
    assert seen == {"E-lea": 0, "E-ada": 0, "E-oda": 0, "E-hal": 1}
