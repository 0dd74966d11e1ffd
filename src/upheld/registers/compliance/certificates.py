"""Actions on certifications that the company claims, and on the certificates that prove them."""

from datetime import date
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.actions.files import Kept
from upheld.actions.kinds import Text
from upheld.registers.compliance.audit_models import AuditBody
from upheld.registers.compliance.models import Certificate, Certification
from upheld.registers.rules import LEADS
from upheld.registers.staff import PersonId
from upheld.registers.words import Name, Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)


@action(by=LEADS, makes=Certification)
def claim_certification(
    *,
    by: Person,
    name: Name,
    standard: Annotated[str, Text(120), "as in ISO/IEC 27001:2022"],
    scope: Annotated[Prose, "what we say it covers"],
    owner: Annotated[PersonId, "who sees to it"],
    from_on: Annotated[date, "since when we claim it"],
    public: Annotated[bool, "whether anybody may see it"] = True,
) -> Certification:
    """Say that we claim a certification: it must then be proven by a certificate in date, for that scope, from an accredited body."""
    if Certification.objects.filter(name=name).exists():
        raise ill(name=f"There is a certification called {name} already.")
    return keep(Certification(name=name, standard=standard, scope=scope, owner=owner, from_on=from_on, public=public))


@action(by=LEADS, when=lambda claim: "It is claimed no longer." if claim.ended_on else "")
def stop_claiming(certification: Certification, *, by: Person) -> Certification:
    """Claim `certification` no longer."""
    certification.ended_on = clock.now().date()
    return keep(certification)


@action(by=KEEPERS, makes=Certificate, when=lambda claim: "It is claimed no longer." if claim.ended_on else "")
def add_certificate(
    certification: Certification,
    *,
    by: Person,
    body: AuditBody,
    serial: Annotated[str, Text(120), "the number printed on it"],
    issued_on: date,
    until_on: date,
    scope_agrees: Annotated[bool, "whether the scope printed on it covers what we claim; read it"],
    file: Annotated[Kept | None, "the certificate"] = None,
) -> Certificate:
    """Add a certificate that proves `certification`."""
    if until_on < issued_on:
        raise ill(until_on="The last day lies before the first.")
    if issued_on > clock.now().date():
        raise ill(issued_on="This lies in the future.")
    made = Certificate(certification=certification, body=body, serial=serial, issued_on=issued_on, until_on=until_on)
    made.scope_agrees, made.file = scope_agrees, file.sha256 if file else ""
    return keep(made)


@action(by=KEEPERS, when=lambda certificate: "It is withdrawn already." if certificate.withdrawn_on else "")
def withdraw_certificate(certificate: Certificate, *, by: Person, withdrawn_on: date) -> Certificate:
    """Say that the body suspended or withdrew `certificate`, and when."""
    if withdrawn_on > clock.now().date():
        raise ill(withdrawn_on="This lies in the future.")
    certificate.withdrawn_on = withdrawn_on
    return keep(certificate)
