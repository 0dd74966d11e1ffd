"""What the sample company keeps in governance: who answers for what, whom to call, its projects, and its policies."""

from datetime import timedelta

from upheld.checks import library
from upheld.checks.span import Span
from upheld.registers.governance import contacts, projects, responsibilities, sample_policies, sample_versions
from upheld.registers.governance.models import Classification, ContactKind, Holding, Part, Stage
from upheld.registers.sampling import (
    BUYER,
    DIRECTOR,
    DPO,
    ENGINEER,
    FINANCE,
    LEAD,
    MARKETING,
    OPERATOR,
    PEOPLE,
    SALES,
    SECOND_OPERATOR,
    SUPPORT,
    TECHNOLOGY,
    Company,
    PlantedFault,
)

FAULTS = (
    PlantedFault(
        "The police of Lisbrook were last called to try their number fourteen months ago.",
        breaks=[("governance/authority_contacts_verified", "registers/li/police")],
    ),
    PlantedFault(
        "The customer portal is being built, and nobody assessed its security.",
        breaks=[("governance/project_assessed", "registers/customer-portal")],
    ),
    PlantedFault(
        "Nobody has taken part in the regional security group for more than five months.",
        soon=[("governance/interest_groups_active", "memberships")],
    ),
    *sample_policies.FAULTS,
)

# Who holds which responsibility: title, purpose, holder, deputy. Words that measures name as owners beyond these go to technology.
HELD = {
    "management": ("Management", "Decides, and answers for what is decided.", DIRECTOR, FINANCE),
    "security-lead": ("Security lead", "Leads the security programme.", LEAD, TECHNOLOGY),
    "dpo": ("Data protection officer", "Watches over how personal data are handled.", DPO, PEOPLE),
    "it-operations": ("IT operations", "Runs systems, accounts and backups.", OPERATOR, SECOND_OPERATOR),
    "engineering": ("Engineering", "Builds and releases the product.", TECHNOLOGY, ENGINEER),
    "people": ("People", "Looks after who joins, moves and leaves.", PEOPLE, DPO),
    "procurement": ("Procurement", "Chooses and reviews suppliers.", BUYER, FINANCE),
    "facilities": ("Facilities", "Looks after the offices and who enters them.", FINANCE, PEOPLE),
    "privacy": ("Privacy", "Answers for records of processing and requests of data subjects.", PEOPLE, SUPPORT),
    "sales": ("Sales", "Answers for contracts with customers.", SALES, MARKETING),
}
KEPT_APART = {"dpo": ["management", "security-lead", "it-operations"]}
FOR_OUR_TITLE = "as the title says"
JURISDICTIONS = {"nh": "Nordhaven", "li": "Lisbrook"}
AUTHORITIES = {
    ContactKind.SUPERVISORY: ("Data protection authority of {}", "Form on its website, or 0100 555-0110", "72 hours"),
    ContactKind.POLICE: ("Police of {}, computer crime", "0100 555-0120, day and night", ""),
    ContactKind.EMERGENCY: ("Emergency services of {}", "112", ""),
}


def keep(company: Company) -> None:
    """Keep what the chapter has, oldest first."""
    with company.at(430):
        _responsibilities(company)
        _jurisdictions(company)
    sample_policies.keep(company)
    sample_versions.keep(company)
    _activities(company)
    _groups(company)
    _projects(company)


def _responsibilities(company: Company) -> None:
    owners = {measure.owner for measure in library.shipped().values()}
    for name in [*HELD, *sorted(owners - HELD.keys())]:
        title, purpose, holder, deputy = HELD.get(name, (name.replace("-", " ").capitalize(), FOR_OUR_TITLE, TECHNOLOGY, ENGINEER))
        made = responsibilities.declare_responsibility(
            by=company.lead(),
            name=name,
            title=title,
            purpose=purpose,
            management=name == "management",
            programme=name in HELD,
            conflicts=KEPT_APART.get(name, []),
        )
        responsibilities.give_responsibility(
            made,
            by=company.lead(),
            person=holder,
            part=Part.ACCOUNTABLE,
            from_on=company.day(430),
            deputy=deputy,
            appointment=company.letter(f"{company.staff[holder].name} is appointed: {title}."),
        )


def _jurisdictions(company: Company) -> None:
    lead = company.lead()
    for code, title in JURISDICTIONS.items():
        place = contacts.enter_jurisdiction(by=lead, code=code, title=title, from_on=company.day(3000))
        for kind, (called, how, deadline) in AUTHORITIES.items():
            contact = contacts.add_contact(
                by=lead,
                kind=kind,
                title=called.format(title),
                how=how,
                holder=DPO if kind is ContactKind.SUPERVISORY else LEAD,
                jurisdiction=place,
                deadline=Span(72, "hour") if deadline else None,
            )
            tried = 425 if (code, kind) == ("li", ContactKind.POLICE) else 120
            with company.at(tried):
                contacts.verify_contact(contact, by=lead)


def _activities(company: Company) -> None:
    officer = company.person(DPO)
    holding = Holding.objects.get(responsibility__name="dpo")
    for days, note in ((200, "Reviewed the records of processing."), (110, "Trained the support team."), (25, "Audited deletion.")):
        with company.at(days):
            responsibilities.note_activity(holding, by=officer, note=note)


def _groups(company: Company) -> None:
    with company.at(400):
        group = contacts.add_contact(
            by=company.lead(),
            kind=ContactKind.ASSOCIATION,
            title="Regional security group",
            how="Meets on the first Tuesday of the month",
            holder=LEAD,
            active_every=Span(6, "month"),
        )
    for days in (350, 260, 165):
        with company.at(days):
            contacts.note_participation(group, by=company.person(LEAD), note="Took part in the meeting.")


def _projects(company: Company) -> None:
    builders = company.person(TECHNOLOGY)
    with company.at(300):
        billing = projects.start_project(
            by=builders, name="billing", title="Bills by electronic invoice", owner=TECHNOLOGY, members=[ENGINEER]
        )
        assessment = projects.assess_project(
            billing,
            by=builders,
            risks="Invoices name customers; a wrong address shows them to a stranger.",
            classification=Classification.CONFIDENTIAL,
            personal_data=True,
            dpia_needed=False,
        )
    with company.at(290):
        projects.approve_assessment(assessment, by=company.lead())
    with company.at(280):
        projects.advance_project(billing, by=builders, stage=Stage.BUILD)
    with company.at(60):
        projects.start_project(by=company.person(SALES), name="loyalty", title="A programme for loyal customers", owner=SALES)
        projects.record_project(
            by=company.lead(),
            name="customer-portal",
            title="Customer portal",
            owner=TECHNOLOGY,
            stage=Stage.BUILD,
            build_at=company.now - timedelta(days=75),
            members=[ENGINEER],
        )
