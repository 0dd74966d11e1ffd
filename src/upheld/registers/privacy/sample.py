"""What the sample company keeps in privacy: which data it has, whom it processes them for, what was agreed, and what it does."""

from upheld.checks.span import Span
from upheld.documents.published import versions
from upheld.registers.privacy import categories, contracts, customers, sample_requests, sample_sharing
from upheld.registers.privacy.models import Authorisation, Clause, NoticeMode
from upheld.registers.sampling import PEOPLE, SALES, SUPPORT, Company, PlantedFault

FAULTS = (
    PlantedFault(
        "The contract with the museum says nothing about audits.",
        breaks=[("privacy/contract_assistance_agreed", "registers/museum")],
    ),
    *sample_requests.FAULTS,
)
CUSTOMERS = {"shipyard": ("Nordhaven Shipyard", 700), "museum": ("Museum of Lisbrook", 400), "bakeries": ("Union of Bakeries", 210)}


def keep(company: Company) -> None:
    """Keep what the chapter has, oldest first."""
    lead = company.lead()
    with company.at(720):
        for name, title, of_customers, owner in (
            ("buyers", "Who buys from our customers", True, SUPPORT),
            ("staff", "Who works for us", False, PEOPLE),
        ):
            categories.enter_data_category(
                by=lead,
                name=name,
                title=title,
                what=f"{title}: names, addresses, orders.",
                personal=True,
                of_customers=of_customers,
                owner=owner,
                retention=Span(36, "month"),
            )
    for name, (title, days) in CUSTOMERS.items():
        with company.at(days):
            customer = customers.enter_customer(by=lead, name=name, title=title, owner=SALES, from_on=company.day(days))
            contract = contracts.enter_contract(
                customer,
                by=company.lead(),
                title="Terms of processing",
                signed_on=company.day(days + 3),
                from_on=company.day(days),
                document=company.letter(f"Terms with {title}"),
                processes_personal_data=True,
                authorisation=Authorisation.GENERAL,
                clauses=[each for each in Clause if each is not Clause.AUDIT or name != "museum"],
                data_categories=["buyers"],
                subprocessor_notice=Span(30, "day"),
                notice_mode=NoticeMode.LETTER,
                breach_notice=Span(24, "hour"),
                deletion_within=Span(30, "day"),
                annex="cloud" if versions("cloud") else None,
                annex_version=versions("cloud")[0].document.version if versions("cloud") else None,
            )
        with company.at(days - 1):
            contracts.check_contract(contract, by=company.officer())
    sample_sharing.keep(company)
    sample_requests.keep(company)
