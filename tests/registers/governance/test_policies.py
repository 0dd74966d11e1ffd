"""The life of a policy: written, approved by as many as it takes, published, read, reviewed, retired."""

from datetime import date

import pytest
from tests.actors import person

from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, NotAllowed, Refused, SamePerson
from upheld.actions.models import Step
from upheld.checks.span import Span
from upheld.registers.governance.models import Holding
from upheld.registers.governance.policies import (
    acknowledge_policy,
    approve_policy,
    declare_policy,
    draft_policy,
    publish_policy,
    retire_policy,
    revise_draft,
    send_back_policy,
    submit_policy,
)
from upheld.registers.governance.policy_models import Audience, Policy, PolicyKind, PolicyVersion, State
from upheld.registers.governance.policy_rows import policies, policy_approvals, policy_versions
from upheld.registers.governance.responsibilities import declare_responsibility, end_holding, give_responsibility


@pytest.fixture
def bosses(lead: Person) -> tuple[Person, Person]:
    """Max and Mia, who are the management."""
    board = declare_responsibility(by=lead, name="board", title="Board", purpose="all", management=True)
    for who in ("E-max", "E-mia"):
        give_responsibility(board, by=lead, person=who, part="accountable", from_on=date(2020, 1, 1))
    return person("max", Role.MANAGER), person("mia", Role.MANAGER)


def declared(lead: Person, **more: object) -> Policy:
    said = {"name": "access", "kind": PolicyKind.POLICY, "title": "Access", "owner": "E-lea", "audience": Audience.EVERYONE, **more}
    return declare_policy(by=lead, **said)


def submitted(lead: Person, policy: Policy, text: str = "Ask.") -> PolicyVersion:
    return submit_policy(draft_policy(policy, by=lead, text=text, summary="new"), by=lead)


def now(version: PolicyVersion) -> PolicyVersion:
    return PolicyVersion.objects.get(pk=version.pk)


def test_it_takes_as_many_as_the_quorum(lead: Person, bosses: tuple[Person, Person]) -> None:
    version, (max_, mia) = submitted(lead, declared(lead, quorum=2)), bosses
    approve_policy(version, by=max_)
    assert now(version).state == State.IN_REVIEW
    with pytest.raises(Refused, match="You approved it already"):
        approve_policy(now(version), by=max_)
    with pytest.raises(Refused, match="is in review, not approved"):
        publish_policy(now(version), by=lead)
    approve_policy(now(version), by=mia)
    assert publish_policy(now(version), by=lead).state == State.PUBLISHED
    assert [row["person_id"] for row in policy_approvals()] == ["E-max", "E-mia"]


def test_only_the_management_of_that_day_decides(lead: Person, bosses: tuple[Person, Person]) -> None:
    version = submitted(lead, declared(lead))
    with pytest.raises(NotAllowed, match="takes a management responsibility"):
        approve_policy(version, by=person("ada", Role.MANAGER))
    end_holding(Holding.objects.get(person="E-max"), by=lead, until_on=date(2026, 5, 3))
    with pytest.raises(NotAllowed, match="takes a management responsibility"):
        approve_policy(version, by=bosses[0])


def test_whoever_revised_it_is_an_author_too(lead: Person, bosses: tuple[Person, Person]) -> None:
    draft = draft_policy(declared(lead), by=lead, text="Ask.", summary="new")
    revised = revise_draft(draft, by=bosses[0], text="Ask first.", summary="new")
    version = submit_policy(revised, by=lead)
    with pytest.raises(SamePerson, match="revise draft"):
        approve_policy(version, by=bosses[0])
    approve_policy(version, by=bosses[1])
    steps = Step.objects.filter(register="governance.policyversion", record=str(version.pk)).values_list("action", "by")
    assert ("governance.approve-policy", "E-mia") in set(steps)


def test_one_sent_back_is_written_anew(lead: Person, bosses: tuple[Person, Person]) -> None:
    policy = declared(lead)
    version = submitted(lead, policy)
    send_back_policy(version, by=bosses[0], note="say whom to ask")
    assert now(version).state == State.SUPERSEDED
    assert submitted(lead, policy).number == 2


def test_publishing_takes_the_place_of_the_version_before(lead: Person, bosses: tuple[Person, Person]) -> None:
    policy = declared(lead)
    for _ in range(2):
        version = submitted(lead, policy)
        approve_policy(version, by=bosses[0])
        publish_policy(now(version), by=lead)
    assert [row["state"] for row in policy_versions()] == ["published", "superseded"]
    assert next(iter(policies()))["version_id"] == str(version.pk)


def test_a_text_may_name_only_parameters_that_there_are(lead: Person) -> None:
    with pytest.raises(Ill, match=r"no parameter governance\.nonsense"):
        draft_policy(declared(lead), by=lead, text="{{ governance.nonsense }}", summary="new")


def test_a_retired_policy_asks_nobody_for_anything(lead: Person, bosses: tuple[Person, Person]) -> None:
    policy = declared(lead)
    version = submitted(lead, policy)
    approve_policy(version, by=bosses[0])
    published = publish_policy(now(version), by=lead)
    retire_policy(policy, by=lead)
    with pytest.raises(Refused, match="is retired, not published"):
        acknowledge_policy(now(published), by=bosses[0], digest=published.digest)
    with pytest.raises(Refused, match="This policy is retired"):
        draft_policy(Policy.objects.get(), by=lead, text="x", summary="y")
    assert list(policies()) == []


def test_a_policy_for_some_says_for_whom(lead: Person) -> None:
    with pytest.raises(Ill, match="Say which department"):
        declared(lead, audience=Audience.DEPARTMENT)
    made = declared(lead, audience=Audience.DEPARTMENT, audience_name="sales", review_every=Span(6, "month"))
    assert (made.audience_name, made.review_every, made.quorum) == ("sales", "6 months", 1)
