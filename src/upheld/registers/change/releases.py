"""Actions on releases: what each must do, whether it does, and its acceptance by who answers for the system; tests and reviews of code."""

from datetime import datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import NotAllowed, Refused, ill
from upheld.actions.kinds import Number, Text
from upheld.registers.change.release_models import Acceptance, CodeReview, Criterion, PlatformTest
from upheld.registers.rules import LEADS, STAFF, all_known, not_ahead
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name, Prose

Criteria = Annotated[list[Annotated[str, Text(2_000)]], "what it must do or be, one a line"]


def _open(acceptance: Acceptance) -> str:
    return "This release is accepted already." if acceptance.accepted_at else ""


@action(by=STAFF, makes=Acceptance)
def prepare_acceptance(
    *,
    by: Person,
    system: Annotated[Name, "the short name of the system that it goes live on"],
    release: Annotated[Line, "what is to be released, as repository and tag: shop/v2.1"],
    owner: Annotated[PersonId, "who answers for the system, and accepts"],
    criteria: Criteria,
) -> Acceptance:
    """Say what a release must do or be before it goes live."""
    all_known("system", [system], "System")
    if not criteria:
        raise ill(criteria="Say at least one thing that it must do or be.")
    if Acceptance.objects.filter(system=system, release=release).exists():
        raise ill(release=f"The acceptance of {release} on {system} is prepared already.")
    made = keep(Acceptance(system=system, release=release, owner=owner, asked_by=by.ref, asked_at=clock.now()))
    for text in criteria:
        keep(Criterion(acceptance=made, text=text))
    return made


@action(by=STAFF, when=lambda criterion: _open(criterion.acceptance))
def test_criterion(
    criterion: Criterion, *, by: Person, met: bool, evidence: Annotated[Prose, "how that was tested, and where it can be seen"]
) -> Criterion:
    """Say whether a release meets `criterion`, and how that was tested."""
    criterion.met, criterion.evidence, criterion.tested_by, criterion.tested_at = met, evidence, by.ref, clock.now()
    return keep(criterion)


@action(by=(*LEADS, Role.OWNER, Role.MANAGER, Role.EMPLOYEE), when=_open)
def accept_release(acceptance: Acceptance, *, by: Person) -> Acceptance:
    """Accept a release for the business, before it goes live: only who answers for the system may, once every criterion is met."""
    if by.ref != acceptance.owner:
        raise NotAllowed("Only who answers for the system can accept its releases.")
    if missed := acceptance.criteria.exclude(met=True).count():
        raise Refused(f"{missed} of its criteria are not met, or not tested yet.")
    acceptance.accepted_by, acceptance.accepted_at = by.ref, clock.now()
    return keep(acceptance)


@action(by=STAFF, makes=PlatformTest)
def record_platform_test(
    *,
    by: Person,
    application: Annotated[Name, "the short name of the application"],
    platform: Annotated[Name, "the short name of the host that it runs on"],
    platform_version: Annotated[Line, "the version that it was tested on, as the host calls it: Debian GNU/Linux 13"],
    passed: bool,
    said: Annotated[Prose, "what was tested, and what was found"],
    at: Annotated[datetime | None, "when; now if not given"] = None,
) -> PlatformTest:
    """Say that an application was looked at and tested after the platform under it changed."""
    all_known("application", [application], "System")
    all_known("platform", [platform], "System")
    names = {"application": application, "platform": platform, "platform_version": platform_version}
    return keep(PlatformTest(person=by.ref, at=not_ahead(at), passed=passed, said=said, **names))


@action(by=STAFF, makes=CodeReview)
def record_code_review(
    *,
    by: Person,
    repository: Annotated[Line, "the repository, as its source calls it"],
    said: Annotated[Prose, "what was looked for, and what was found"],
    errors: Annotated[int, Number(0, 1_000_000), "how many errors were found"],
    path: Annotated[Line | None, "the folder or file; all of the repository if not given"] = None,
    commit: Annotated[Annotated[str, Text(64)] | None, "the commit at which it was read"] = None,
    at: Annotated[datetime | None, "when; now if not given"] = None,
) -> CodeReview:
    """Say that you looked through code for errors."""
    made = CodeReview(repository=repository, path=path or "", commit=commit or "", person=by.ref, errors=errors, said=said)
    made.at = not_ahead(at)
    return keep(made)
