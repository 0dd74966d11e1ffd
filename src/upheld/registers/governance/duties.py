"""What this chapter's registers ask of people: reading and reviewing policies, and trying contacts."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, time

from django.utils.translation import gettext_noop

from upheld.checks.span import span
from upheld.registers.governance.models import GROUPS, Contact, Participation
from upheld.registers.governance.policy_models import Acknowledgement, Audience, Policy, PolicyVersion, Review, State
from upheld.registers.owing import LONG_AGO, Duty, Owing, changed_at, interval, made_at
from upheld.registers.staff import Known, known


def to_acknowledge(now: datetime) -> Iterator[Owing]:
    """Yield who has to read which version in force; who reads it is who the policy is for and works here."""
    everybody = {person: each for person, each in known().items() if each.works_here(now.date())}
    versions, acknowledged = in_force(), defaultdict[int, dict[str, datetime]](dict)
    for number, person, at in Acknowledgement.objects.filter(of__in=versions).values_list("of_id", "person", "at"):
        acknowledged[number][person] = at
    for version in versions:
        read = acknowledged[version.pk]
        for person, each in everybody.items():
            if version.published_at is not None and is_for(version.policy, each):
                done = (read[person],) if person in read else ()
                yield Owing(
                    version.reference,
                    str(version),
                    reading_begins_at(version.published_at, each),
                    person,
                    first=span(version.policy.acknowledge_within).about,
                    done=done,
                )


def in_force() -> list[PolicyVersion]:
    """Return the versions that are published, with their policies, without their texts."""
    return list(PolicyVersion.objects.filter(state=State.PUBLISHED).select_related("policy").defer("text", "published_text"))


def is_for(policy: Policy, person: Known | None) -> bool:
    """Whether `person` (None: not in the list of people) is among those whom `policy` is for."""
    if policy.audience == Audience.EVERYONE:
        return True
    named = (policy.audience, policy.audience_name)
    return person is not None and named in ((Audience.DEPARTMENT, person.department), (Audience.ROLE, person.role))


def reading_begins_at(published_at: datetime, person: Known | None) -> datetime:
    """Return from when somebody's time to read counts: from the publication, or from their first day if that was later."""
    started = datetime.combine(person.started_on, time(), UTC) if person and person.started_on else published_at
    return max(published_at, started)


def to_review(now: datetime) -> Iterator[Owing]:
    """Yield each published policy: its owner reviews it."""
    reviewed = dict(Review.objects.order_by("at").values_list("policy_id", "at"))
    for version in in_force():
        policy, published_at = version.policy, version.published_at
        if policy.retired_at is None and published_at is not None:
            last = max(filter(None, (published_at, reviewed.get(policy.pk))))
            yield Owing(policy.reference, str(policy), last, policy.owner, every=span(policy.review_every), done=(last,))


def to_try(now: datetime) -> Iterator[Owing]:
    """Yield each authority to call: whoever holds the contact tries it."""
    # Where the way to reach them changed, what was verified no longer counts: from then on it is to be tried.
    since = made_at(Contact) | changed_at(Contact, "verified_at")
    every = interval("governance", "contact_verification_interval")
    for each in Contact.objects.filter(ended_at=None).exclude(kind__in=GROUPS):
        done = (each.verified_at,) if each.verified_at else ()
        yield Owing(each.reference, str(each), since.get(each.pk, LONG_AGO), each.holder, every=every, done=done)


def to_take_part(now: datetime) -> Iterator[Owing]:
    """Yield each group: whoever holds the contact takes part in it."""
    made, last = made_at(Contact), dict(Participation.objects.order_by("at").values_list("contact_id", "at"))
    for each in Contact.objects.filter(ended_at=None, kind__in=GROUPS):
        done = (last[each.pk],) if each.pk in last else ()
        yield Owing(each.reference, str(each), made.get(each.pk, LONG_AGO), each.holder, every=span(each.active_every), done=done)


DUTIES = (
    Duty("governance.acknowledge-policy", gettext_noop("Read and acknowledge"), to_acknowledge, by_each=True),
    Duty("governance.review-policy", gettext_noop("Review"), to_review),
    Duty(
        "governance.verify-contact",
        gettext_noop("Try this contact"),
        to_try,
        measures=("governance/authority_contacts_verified",),
    ),
    Duty("governance.note-participation", gettext_noop("Take part in"), to_take_part),
)
