"""Actions on continuity plans: which written plan a process has, and which roles carry it out."""

from typing import Annotated

from django.apps import apps

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.registers.continuity.models import ContinuityPlan, Process
from upheld.registers.rules import LEADS, all_known, fill
from upheld.registers.staff import PersonId
from upheld.registers.words import Name

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)
Document = Annotated[Name, "the short name of the plan, declared among the policies as of kind plan"]
Roles = Annotated[list[Name], "the short names of the responsibilities whose holders carry it out"]


def _in_use(plan: ContinuityPlan) -> str:
    return "This plan is used no more." if plan.ended_at else ""


@action(by=KEEPERS, makes=ContinuityPlan, when=lambda process: "This process has ended." if process.ended_at else "")
def adopt_plan(process: Process, *, by: Person, document: Document, roles: Roles, owner: PersonId) -> ContinuityPlan:
    """Say which written plan keeps `process` going, and who carries it out. It is written, approved and published as a policy is."""
    return keep(_said(ContinuityPlan(process=process), document, roles, owner))


@action(by=KEEPERS, when=_in_use)
def change_plan(plan: ContinuityPlan, *, by: Person, document: Document, roles: Roles, owner: PersonId) -> ContinuityPlan:
    """Say anew where `plan` is written and who carries it out."""
    return keep(_said(plan, document, roles, owner))


@action(by=KEEPERS, when=_in_use)
def drop_plan(plan: ContinuityPlan, *, by: Person) -> ContinuityPlan:
    """Say that `plan` is used no more."""
    plan.ended_at = clock.now()
    return keep(plan)


def _said(plan: ContinuityPlan, document: str, roles: list[str], owner: str) -> ContinuityPlan:
    all_known("document", [document], "Policy")
    if not apps.get_model("registers", "Policy")._default_manager.filter(**{"name": document, "kind": "plan"}).exists():
        raise ill(document=f"{document} is a document of another kind; declare one of kind plan.")
    all_known("roles", roles, "Responsibility")
    return fill(plan, document=document, roles=roles, owner=owner)
