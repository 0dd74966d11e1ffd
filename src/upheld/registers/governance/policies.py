"""Actions on the documents that people write: declare, draft, submit, decide, publish, review, retire, acknowledge, hand over."""

from collections.abc import Callable
from datetime import date, datetime
from hashlib import sha256
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import NotAllowed, Refused, ill
from upheld.actions.kinds import Number, Text
from upheld.checks.span import Span
from upheld.registers.governance.policy_models import (
    Acknowledgement,
    Approval,
    Audience,
    ChangeKind,
    Handover,
    Outcome,
    OutsideParty,
    Outsider,
    Policy,
    PolicyKind,
    PolicyVersion,
    Review,
    SignificantChange,
    State,
    Topic,
)
from upheld.registers.governance.responsibilities import management_roles
from upheld.registers.governance.written import with_parameters
from upheld.registers.rules import LEADS, not_ahead
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Markdown, Name, Prose

WRITERS = (*LEADS, Role.OWNER, Role.MANAGER)
READERS = (*WRITERS, Role.EMPLOYEE)


def _is(state: State) -> Callable[[PolicyVersion], str]:
    """Return what says why a version that is not in `state` will not do."""
    return lambda version: "" if version.state == state else f"{version} is {version.state}, not {state}."


def _not_retired(policy: Policy) -> str:
    return "This policy is retired." if policy.retired_at else ""


@action(by=LEADS, makes=Topic)
def want_topic(*, by: Person, name: Name, title: Line, why: Prose | None = None) -> Topic:
    """Say that the company wants a published policy on a topic."""
    if Topic.objects.filter(name=name).exists():
        raise ill(name=f"{name} is wanted already.")
    return keep(Topic(name=name, title=title, why=why or ""))


@action(by=LEADS)
def drop_topic(topic: Topic, *, by: Person, why: Prose) -> Topic:
    """Say that no policy on `topic` is wanted any more, and why."""
    topic.ended_at, topic.why = clock.now(), why
    return keep(topic)


@action(by=WRITERS, makes=Policy)
def declare_policy(
    *,
    by: Person,
    name: Name,
    kind: PolicyKind,
    title: Line,
    owner: PersonId,
    audience: Annotated[Audience, "who has to read it"],
    audience_name: Annotated[str | None, Text(120), "which department or role, where it is for one"] = None,
    topic: Topic | None = None,
    outsiders: Annotated[list[Outsider], "whom outside the company it is meant for"] = [],  # noqa: B006  never changed
    public: Annotated[bool, "whether anybody may read it on the Trust Center"] = False,
    review_every: Annotated[Span, "as in 12 months"] = Span(12, "month"),  # noqa: B008  a value
    acknowledge_within: Annotated[Span, "how long readers have"] = Span(30, "day"),  # noqa: B008  a value
    quorum: Annotated[int, Number(1, 9), "how many must approve a version"] = 1,
) -> Policy:
    """Declare a policy, procedure, plan or playbook that is to be written."""
    if Policy.objects.filter(name=name).exists():
        raise ill(name=f"There is a policy called {name} already.")
    policy = Policy(name=name, kind=kind, public=public)
    return keep(_said(policy, title, owner, topic, audience, audience_name or "", outsiders, review_every, acknowledge_within, quorum))


@action(by=WRITERS, when=_not_retired)
def change_policy(
    policy: Policy,
    *,
    by: Person,
    title: Line,
    owner: PersonId,
    audience: Audience,
    review_every: Span,
    acknowledge_within: Span,
    quorum: Annotated[int, Number(1, 9)],
    audience_name: Annotated[str | None, Text(120)] = None,
    topic: Topic | None = None,
    outsiders: list[Outsider] = [],  # noqa: B006  never changed
    public: bool = False,
) -> Policy:
    """Change whom `policy` is for, how often it is reviewed, and who answers for it."""
    policy.public = public
    return keep(_said(policy, title, owner, topic, audience, audience_name or "", outsiders, review_every, acknowledge_within, quorum))


def _said(
    policy: Policy,
    title: str,
    owner: str,
    topic: Topic | None,
    audience: Audience,
    audience_name: str,
    outsiders: list[Outsider],
    review_every: Span,
    acknowledge_within: Span,
    quorum: int,
) -> Policy:
    if audience in (Audience.DEPARTMENT, Audience.ROLE) and not audience_name:
        raise ill(audience_name=f"Say which {audience}.")
    policy.title, policy.owner, policy.topic = title, owner, topic
    policy.audience, policy.audience_name = audience, audience_name
    policy.outsiders, policy.quorum = [str(each) for each in outsiders], quorum
    policy.review_every, policy.acknowledge_within = str(review_every), str(acknowledge_within)
    return policy


@action(by=WRITERS, makes=PolicyVersion, when=_not_retired)
def draft_policy(
    policy: Policy,
    *,
    by: Person,
    text: Annotated[Markdown, "Markdown; {{ chapter.parameter }} stands for the value that measures use"],
    summary: Annotated[Prose, "what is new"],
) -> PolicyVersion:
    """Write a new version of `policy`."""
    with_parameters(text)
    last = policy.versions.order_by("-number").first()
    number = last.number + 1 if last else 1
    return keep(PolicyVersion(policy=policy, number=number, text=text, summary=summary, author=by.ref, state=State.DRAFT))


@action(by=WRITERS, when=_is(State.DRAFT))
def revise_draft(version: PolicyVersion, *, by: Person, text: Markdown, summary: Prose) -> PolicyVersion:
    """Change the text of the draft `version`. Whoever changed it counts as an author."""
    with_parameters(text)
    version.text, version.summary = text, summary
    return keep(version)


@action(by=WRITERS, when=_is(State.DRAFT))
def submit_policy(version: PolicyVersion, *, by: Person) -> PolicyVersion:
    """Ask for approval of the draft `version`; its text can no longer be changed."""
    version.state, version.submitted_at = State.IN_REVIEW, clock.now()
    return keep(version)


@action(
    by=READERS,
    makes=Approval,
    apart_from=["draft-policy", "revise-draft"],
    why_apart="nobody approves what they wrote",
    when=_is(State.IN_REVIEW),
)
def approve_policy(version: PolicyVersion, *, by: Person, note: Prose | None = None) -> Approval:
    """Approve `version`. Takes a management responsibility, held today, and nobody approves what they wrote."""
    _must_manage(by)
    if version.approvals.filter(person=by.ref, approves=True).exists():
        raise Refused("You approved it already.")
    approval = keep(Approval(of=version, person=by.ref, at=clock.now(), approves=True, note=note or ""))
    if version.approvals.filter(approves=True).count() >= version.policy.quorum:
        version.state = State.APPROVED
        keep(version)
    return approval


@action(by=READERS, makes=Approval, apart_from=["draft-policy", "revise-draft"], when=_is(State.IN_REVIEW))
def send_back_policy(version: PolicyVersion, *, by: Person, note: Annotated[Prose, "what must change"]) -> Approval:
    """Send `version` back to be changed. Its earlier approvals count no longer: the next draft is a new version."""
    _must_manage(by)
    version.state, version.ended_at = State.SUPERSEDED, clock.now()
    keep(version)
    return keep(Approval(of=version, person=by.ref, at=clock.now(), approves=False, note=note))


@action(by=WRITERS, when=_is(State.APPROVED))
def publish_policy(version: PolicyVersion, *, by: Person) -> PolicyVersion:
    """Publish the approved `version` in place of the one before; its audience is asked to acknowledge it."""
    now = clock.now()
    for before in version.policy.versions.filter(state=State.PUBLISHED):
        before.state, before.ended_at = State.SUPERSEDED, now
        keep(before)
    version.published_text = with_parameters(version.text)
    version.digest = sha256(version.published_text.encode()).hexdigest()
    version.state, version.published_at = State.PUBLISHED, now
    return keep(version)


@action(by=READERS, makes=Acknowledgement, when=_is(State.PUBLISHED))
def acknowledge_policy(
    version: PolicyVersion, *, by: Person, digest: Annotated[str, Text(64), "the digest of the text that you read, as the page shows it"]
) -> Acknowledgement:
    """Say that you read `version` and will keep to it."""
    if digest != version.digest:
        raise ill(digest="This is not the digest of the published text; read it again.")
    if version.acknowledgements.filter(person=by.ref).exists():
        raise Refused("You acknowledged it already.")
    return keep(Acknowledgement(of=version, person=by.ref, at=clock.now(), digest=digest))


@action(by=WRITERS, makes=Review, when=_not_retired)
def review_policy(
    policy: Policy,
    *,
    by: Person,
    outcome: Outcome,
    note: Prose | None = None,
    at: Annotated[datetime | None, "when; now if not given"] = None,
) -> Review:
    """Say that you looked whether `policy` is still right, and what you found."""
    return keep(Review(policy=policy, person=by.ref, at=not_ahead(at), outcome=outcome, note=note or ""))


@action(by=WRITERS, makes=SignificantChange, when=_not_retired)
def link_change(
    policy: Policy,
    *,
    by: Person,
    kind: ChangeKind,
    what: Prose,
    at: Annotated[datetime | None, "when it happened; now if not given"] = None,
) -> SignificantChange:
    """Say that something happened for which `policy` must be reviewed out of turn."""
    return keep(SignificantChange(policy=policy, kind=kind, what=what, at=not_ahead(at)))


@action(by=LEADS, when=_not_retired)
def retire_policy(policy: Policy, *, by: Person) -> Policy:
    """Retire `policy`: it holds no longer, and nobody need acknowledge it."""
    now = clock.now()
    for version in policy.versions.filter(state=State.PUBLISHED):
        version.state, version.ended_at = State.RETIRED, now
        keep(version)
    policy.retired_at = now
    return keep(policy)


@action(by=LEADS, makes=OutsideParty)
def add_outside_party(*, by: Person, kind: Outsider, title: Line, from_on: date) -> OutsideParty:
    """Add a supplier with access, a customer or a regular visitor whom policies may be meant for."""
    return keep(OutsideParty(kind=kind, title=title, from_on=from_on))


@action(by=LEADS)
def end_outside_party(party: OutsideParty, *, by: Person, until_on: date) -> OutsideParty:
    """Say that `party` has nothing to do with us any more after a day."""
    if until_on < party.from_on:
        raise ill(until_on="The last day lies before the first.")
    party.until_on = until_on
    return keep(party)


@action(by=WRITERS, makes=Handover, when=_is(State.PUBLISHED))
def hand_over_policy(
    version: PolicyVersion,
    *,
    by: Person,
    party: OutsideParty,
    how: Annotated[Line, "by mail, on paper, on a portal"],
    at: datetime | None = None,
) -> Handover:
    """Record that the published `version` was given to an outside party, when and how."""
    return keep(Handover(of=version, party=party, at=not_ahead(at), how=how))


def _must_manage(by: Person) -> None:
    if not management_roles(by.ref, clock.now().date()):
        raise NotAllowed("Deciding about a policy takes a management responsibility, held today.")
