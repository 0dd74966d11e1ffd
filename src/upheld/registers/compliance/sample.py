"""What the sample company keeps in compliance: audits, reviews, licences, requirements and certificates."""

from datetime import timedelta
from typing import Any

from upheld.registers.answering import owners_of_systems
from upheld.registers.compliance import audits, certificates, licences, requests, requirements, reviews
from upheld.registers.compliance.audit_models import AuditBody, Chapter, Grade, Kind
from upheld.registers.compliance.models import Counted, Decision, RequiredBy
from upheld.registers.sampling import (
    BUYER,
    DPO,
    LEAD,
    MARKETING,
    OPERATOR,
    PEOPLE,
    SALES,
    SECOND_OPERATOR,
    TECHNOLOGY,
    Company,
    PlantedFault,
)

FAULTS = (
    PlantedFault(
        "An administrator audited the backups, for which he answers himself.",
        breaks=[("compliance/auditor_independent", f"registers/backups/{OPERATOR}")],
    ),
    PlantedFault(
        "A finding of the audit of purchasing is ten days past its day.",
        breaks=[("compliance/findings_closed_in_time", "registers/1")],
    ),
    PlantedFault(
        "The head of sales skipped the last quarter's review of the area.",
        breaks=[("compliance/manager_review_current", "registers/sales")],
    ),
    PlantedFault("Mail was never reviewed technically.", breaks=[("compliance/system_reviewed", "sample/mail")]),
    PlantedFault(
        "OpenSSH's paid support covers one machine too few.", breaks=[("compliance/seats_within_licence", "registers/openssh/hosts")]
    ),
    PlantedFault("The certificate for ISO 9001 runs out in two months.", soon=[("compliance/certificates_valid", "registers/iso-9001")]),
)
CHAPTERS = list(Chapter)
EXTERNAL = {1010: Kind.RECERTIFICATION, 700: Kind.SURVEILLANCE, 380: Kind.SURVEILLANCE, 60: Kind.RECERTIFICATION}
AREAS = {
    "it": ("IT", TECHNOLOGY, [Chapter.BACKUP, Chapter.OPERATIONS, Chapter.ACCESS]),
    "people": ("People", PEOPLE, [Chapter.PEOPLE]),
    "sales": ("Sales", SALES, [Chapter.PRIVACY]),
}
LAWS = {
    "gdpr-32": ("Security of processing", "GDPR 32", ["iso:4.1.4"]),
    "gdpr-33": ("Breaches are reported within 72 hours", "GDPR 33", ["iso:1.2.1"]),
    "gdpr-28": ("Processors give guarantees", "GDPR 28", ["iso:1.3.5"]),
}


def keep(company: Company) -> None:
    """Keep what the chapter has, oldest first."""
    with company.at(1300):
        body = audits.add_body(
            by=company.lead(),
            name="assurance",
            title="Northern Assurance",
            accreditor="National accreditation body",
            accreditation="NA-17",
            accredited_until_on=company.day(-900),
        )
        audits.check_independence(body, by=company.lead(), on=company.day(1300))
    _certified(company)
    for ended, kind in EXTERNAL.items():
        with company.at(ended - 5):
            _external(company, kind, ended)
    _internal(company)
    _reviewed(company)
    _licensed(company)
    _looked_into(company)


def _external(company: Company, kind: Kind, ended: int) -> None:
    audits.record_audit(
        by=company.lead(),
        name=f"external-{company.day(ended).year}-{company.day(ended).month}",
        title=f"{kind.capitalize()}, {company.day(ended).year}",
        kind=kind,
        criteria="ISO/IEC 27001 and ISO 9001",
        period_from_on=company.day(ended + 330),
        period_until_on=company.day(ended),
        ended_on=company.day(ended),
        conclusion="The management system is kept up.",
        report=company.letter(f"Report of {company.day(ended)}"),
        chapters=CHAPTERS,
        body=AuditBody.objects.get(name="assurance"),
        # The first change that the company called significant: signing in with passkeys, three months ago.
        follows="1" if ended == 60 else None,
    )


def _internal(company: Company) -> None:
    with company.at(200):
        audits.record_audit(
            by=company.lead(),
            name="backups",
            title="Backups",
            kind=Kind.INTERNAL,
            criteria="Our policy on backups",
            period_from_on=company.day(565),
            period_until_on=company.day(200),
            ended_on=company.day(201),
            conclusion="Everything is in order.",
            chapters=[Chapter.BACKUP],
            auditors=[OPERATOR],
        )
    auditor = company.person(MARKETING)
    with company.at(70):
        audit = audits.plan_audit(
            by=company.lead(),
            name="purchasing",
            title="Purchasing and suppliers",
            kind=Kind.INTERNAL,
            criteria="Our policy for suppliers",
            period_from_on=company.day(435),
            period_until_on=company.day(70),
            planned_from_on=company.day(70),
            planned_until_on=company.day(40),
            chapters=[Chapter.SUPPLIERS],
            lead=MARKETING,
        )
        running = audits.start_audit(audit, by=auditor)
        finding = requests.raise_finding(
            running,
            by=auditor,
            grade=Grade.MINOR,
            what="Two suppliers were chosen without comparing offers.",
            person=BUYER,
            due_on=company.day(10),
            clause="ISO/IEC 27001:2022 A.5.19",
        )
        asked = requests.ask_auditee(running, by=auditor, person=BUYER, what="Who compared the offers?", due_on=company.day(56))
    with company.at(60):
        buyer = company.person(BUYER)
        answered = requests.answer_request(asked, by=buyer, answer="Nobody did; there was one offer.")
        requests.answer_finding(finding, by=buyer, cause="It was urgent.", correction="Three offers, or a reason why not.")
    with company.at(55):
        requests.accept_answer(answered, by=auditor)


def _reviewed(company: Company) -> None:
    with company.at(400):
        areas = {
            name: reviews.name_area(by=company.lead(), name=name, title=title, manager=manager, chapters=chapters)
            for name, (title, manager, chapters) in AREAS.items()
        }
    for days in (310, 220, 130, 40):
        for name, area in areas.items():
            if name != "sales" or days != 40:
                with company.at(days):
                    manager = company.person(AREAS[name][1])
                    reviews.sign_review(area, by=manager, complies=True, conclusion="The area keeps to what we promise.")
    systems = sorted(owners_of_systems())  # as they are read now: thirty days ago nobody had
    with company.at(30):
        for system in systems:
            if system != "mail":
                reviews.review_system(by=company.person(OPERATOR), system=system, what="Against our standard for systems: in order.")


def _licensed(company: Company) -> None:
    with company.at(300):
        said: dict[str, Any] = {"by": company.lead(), "owner": TECHNOLOGY, "counted": Counted.HOSTS, "from_on": company.day(300)}
        licences.add_licence(
            product="debian", title="Debian", terms="Free software", packages=["base-files"], file=company.letter("licences"), **said
        )
        licences.add_licence(
            product="openssh", title="Support for OpenSSH", terms="By machine", seats=4, packages=["openssh-server"], **said
        )
        for spdx, decision in {"MIT": Decision.ALLOWED, "Apache-2.0": Decision.ALLOWED, "AGPL-3.0-only": Decision.DENIED}.items():
            licences.rule_licence(by=company.lead(), spdx=spdx, decision=decision)


def _certified(company: Company) -> None:
    body = AuditBody.objects.get(name="assurance")
    with company.at(1000):
        for name, standard, until in (("iso-27001", "ISO/IEC 27001:2022", -500), ("iso-9001", "ISO 9001:2015", -60)):
            claim = certificates.claim_certification(
                by=company.lead(), name=name, standard=standard, scope="The whole company", owner=LEAD, from_on=company.day(1000)
            )
            certificates.add_certificate(
                claim,
                by=company.lead(),
                body=body,
                serial=f"{name}-1",
                issued_on=company.day(1000),
                until_on=company.day(until),
                scope_agrees=True,
                file=company.letter(f"Certificate for {standard}"),
            )
        for name, (title, citation, promises) in LAWS.items():
            requirements.add_requirement(
                by=company.lead(),
                name=name,
                title=title,
                kind=RequiredBy.LAW,
                citation=citation,
                owner=DPO,
                from_on=company.day(1000),
                jurisdiction="nh",
                promises=promises,
            )


def _looked_into(company: Company) -> None:
    from_at = company.ago(61)
    said: dict[str, Any] = {"by": company.person(SECOND_OPERATOR), "system": "crm", "what": "Reading the list of accounts for the auditors"}
    with company.at(65):
        window = reviews.ask_window(from_at=from_at, until_at=from_at + timedelta(hours=4), **said)
    with company.at(64):
        reviews.agree_window(window, by=company.lead())
    with company.at(60):
        until_at = from_at + timedelta(hours=2)
        reviews.record_activity(from_at=from_at + timedelta(hours=1), until_at=until_at, read_only=True, **said)
