"""Actions on projects: none comes into building before somebody outside it approved its security assessment."""

from datetime import datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import Refused, ill
from upheld.registers.governance.models import Assessment, Classification, Project, Stage
from upheld.registers.rules import LEADS, not_ahead
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name, Prose

TEAMS = (*LEADS, Role.OWNER, Role.EMPLOYEE, Role.MANAGER)


@action(by=TEAMS, makes=Project)
def start_project(
    *,
    by: Person,
    name: Name,
    title: Line,
    owner: PersonId,
    members: Annotated[list[PersonId], "who works on it beside the owner"] = [],  # noqa: B006
) -> Project:
    """Start a project, as an idea."""
    _check_name(name)
    return keep(Project(name=name, title=title, owner=owner, members=list(members), stage=Stage.IDEA))


@action(by=LEADS, makes=Project)
def record_project(
    *,
    by: Person,
    name: Name,
    title: Line,
    owner: PersonId,
    stage: Annotated[Stage, "how far it is already"],
    build_at: Annotated[datetime | None, "when it came into building, if it did"] = None,
    members: list[PersonId] = [],  # noqa: B006  never changed
) -> Project:
    """Record a project that began before it was kept here, at whatever stage it is. Without an assessment that shows as a break."""
    _check_name(name)
    if stage.is_built and build_at is None:
        raise ill(build_at="Say when it came into building.")
    return keep(
        Project(name=name, title=title, owner=owner, members=list(members), stage=stage, build_at=not_ahead(build_at) if build_at else None)
    )


@action(by=TEAMS)
def change_project(project: Project, *, by: Person, title: Line, owner: PersonId, members: list[PersonId] = []) -> Project:  # noqa: B006
    """Change what `project` is called, and who works on it."""
    project.title, project.owner, project.members = title, owner, list(members)
    return keep(project)


@action(by=TEAMS, makes=Assessment)
def assess_project(
    project: Project, *, by: Person, risks: Prose, classification: Classification, personal_data: bool, dpia_needed: bool
) -> Assessment:
    """Write the security assessment of `project`."""
    return keep(
        Assessment(
            project=project,
            author=by.ref,
            risks=risks,
            classification=classification,
            personal_data=personal_data,
            dpia_needed=dpia_needed,
        )
    )


@action(
    by=(*LEADS, Role.MANAGER),
    apart_from=["assess-project"],
    why_apart="an assessment is approved by somebody who did not write it",
    when=lambda assessment: "It is approved already." if assessment.approved_at else "",
)
def approve_assessment(assessment: Assessment, *, by: Person) -> Assessment:
    """Approve `assessment`. Refused to whoever wrote it or works on the project."""
    project = assessment.project
    if by.ref in (project.owner, *project.members):
        raise Refused("You work on this project; somebody outside it has to approve.")
    assessment.approved_by, assessment.approved_at = by.ref, clock.now()
    return keep(assessment)


@action(by=TEAMS)
def advance_project(project: Project, *, by: Person, stage: Stage) -> Project:
    """Move `project` to another stage. Refused into building without an approved assessment."""
    if stage.is_built and project.build_at is None:
        if not project.assessments.exclude(approved_at=None).exists():
            raise Refused("Its security assessment is not approved yet; it cannot come into building.")
        project.build_at = clock.now()
    project.stage = stage
    return keep(project)


def _check_name(name: str) -> None:
    if Project.objects.filter(name=name).exists():
        raise ill(name=f"There is a project called {name} already.")
