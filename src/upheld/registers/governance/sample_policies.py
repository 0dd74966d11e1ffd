"""The sample company's policies: written, approved, published, read and handed over; their texts are in `sample.toml`."""

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.db import transaction

from upheld import clock
from upheld.accounts.role import Role
from upheld.actions.together import together
from upheld.registers.governance import policies
from upheld.registers.governance.policy_models import Audience, ChangeKind, Outcome, Outsider, Policy, PolicyKind, PolicyVersion, State
from upheld.registers.sampling import DIRECTOR, Company, PlantedFault

FAULTS = (
    PlantedFault(
        "A policy on clear desks is wanted, written and still in review.",
        breaks=[("governance/policy_set_complete", "registers/clear-desk")],
    ),
    PlantedFault(
        "An editor never acknowledged how computers may be used.",
        breaks=[("governance/policy_acknowledged", "registers/acceptable-use/1031")],
    ),
    PlantedFault(
        "A product manager never acknowledged what follows from breaking rules.",
        breaks=[
            ("people/consequences_acknowledged", "1032/consequences"),
            ("governance/policy_acknowledged", "registers/consequences/1032"),
        ],
    ),
    PlantedFault(
        "A software engineer never acknowledged how we develop.",
        breaks=[
            ("people/developers_acknowledged_guidelines", "1030/development-guidelines"),
            ("governance/policy_acknowledged", "registers/development-guidelines/1030"),
        ],
    ),
    PlantedFault(
        "The policy on cryptography was last looked at more than a year ago.",
        breaks=[("governance/policy_review_current", "registers/cryptography")],
    ),
    PlantedFault(
        "The agency that makes our films was not given the policy for suppliers.",
        breaks=[("governance/policy_given_to_outsiders", "registers/suppliers/2")],
    ),
)
UNREAD = {("acceptable-use", "1031"), ("consequences", "1032"), ("development-guidelines", "1030")}
IN_REVIEW = "clear-desk"
SUPPLIERS = ("Parcel service", "Film agency")


def keep(company: Company) -> None:
    """Keep policies and all that belongs to them, each a while after the one before."""
    written = tomllib.loads(Path(__file__).with_name("sample.toml").read_text(encoding="utf-8"))
    for name, said in written.items():
        version = _publish(company, name, said)
        if version.state == State.PUBLISHED:
            _acknowledge(company, name, version)
    _changes(company)
    _outsiders(company)


def _publish(company: Company, name: str, said: dict[str, Any]) -> PolicyVersion:
    """Let the policy `name` be written by the security officer, and approved and published unless it still waits."""
    lead = company.lead()
    with company.at(said["days_ago"] + 10):
        topic = policies.want_topic(by=lead, name=name, title=said["topic"])
        policy = policies.declare_policy(
            by=lead,
            name=name,
            kind=PolicyKind(said.get("kind", "policy")),
            title=said["title"],
            owner=said["owner"],
            audience=Audience(said["audience"]),
            audience_name=said.get("audience_name"),
            topic=topic,
            outsiders=[Outsider(each) for each in said.get("outsiders", [])],
            public=said.get("public", False),
        )
        version = policies.draft_policy(policy, by=lead, text=said["text"], summary="First version")
        policies.submit_policy(version, by=lead)
    if name == IN_REVIEW:
        return PolicyVersion.objects.get(pk=version.pk)
    with company.at(said["days_ago"]):
        policies.approve_policy(PolicyVersion.objects.get(pk=version.pk), by=company.person(DIRECTOR, Role.MANAGER))
        return policies.publish_policy(PolicyVersion.objects.get(pk=version.pk), by=lead)


def _acknowledge(company: Company, name: str, version: PolicyVersion) -> None:
    read = [(person, at) for person, at in _readers(company, version) if (name, person) not in UNREAD and at < company.now]
    with transaction.atomic(), together():
        for person, at in sorted(read, key=itemgetter(1)):
            with clock.at(at):
                policies.acknowledge_policy(version, by=company.person(person), digest=version.digest)


def _readers(company: Company, version: PolicyVersion) -> Iterator[tuple[str, datetime]]:
    """Yield everybody in the audience with when they read it: within weeks of publication, or days of their first day."""
    policy = version.policy
    if policy.audience == Audience.NOBODY:
        return
    asked = {policy.audience: policy.audience_name} if policy.audience != Audience.EVERYONE else {}
    assert version.published_at is not None
    for person in company.here(**asked):
        after = timedelta(hours=12 + sha256(f"{policy.name}/{person}".encode()).digest()[0] * 2)
        started = company.staff[person].started_on
        first_day = datetime.combine(started, time(9), UTC) + timedelta(days=2) if started else version.published_at
        yield person, max(version.published_at + after, first_day)


def _changes(company: Company) -> None:
    """Let something happen that touches a policy, and the policy be looked at after it."""
    policy = Policy.objects.get(name="access")
    with company.at(90):
        policies.link_change(policy, by=company.lead(), kind=ChangeKind.OTHER, what="Passkeys can be used everywhere.")
    with company.at(82):
        policies.review_policy(policy, by=company.lead(), outcome=Outcome.GOOD, note="Passkeys were allowed already.")


def _outsiders(company: Company) -> None:
    """Let suppliers be known, and the first of them be given what is meant for them."""
    version = PolicyVersion.objects.get(policy__name="suppliers")
    parties = []
    with company.at(220):
        for title in SUPPLIERS:
            parties.append(policies.add_outside_party(by=company.lead(), kind=Outsider.SUPPLIER, title=title, from_on=company.day(220)))
    with company.at(170):
        policies.hand_over_policy(version, by=company.lead(), party=parties[0], how="By mail, with the contract")
