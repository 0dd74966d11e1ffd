"""What the sample company does with personal data, and what customers, data subjects and authorities ask of it."""

from typing import Any

from upheld.checks.span import Span
from upheld.registers.privacy import consents, data_sets, demands, information, instructions, processing, subject_requests, transmitting
from upheld.registers.privacy.disclosing_models import Channel, DisclosureBasis
from upheld.registers.privacy.keeping_models import Right
from upheld.registers.privacy.models import Customer
from upheld.registers.privacy.processing_models import Capacity, Finding
from upheld.registers.sampling import MARKETING, PEOPLE, SALES, SUPPORT, Company, PlantedFault

FAULTS = (
    PlantedFault(
        "The bakeries asked seven weeks ago how their data are deleted, and nobody answered.",
        breaks=[("privacy/customer_information_answered", "registers/2")],
    ),
    PlantedFault(
        "The record says nothing about where the data of the shop's newsletter go.",
        breaks=[("privacy/processing_record_complete", "registers/newsletter")],
    ),
    PlantedFault(
        "Nobody wrote a policy on how customers' data are disposed of.",
        breaks=[("privacy/disposal_policy_public", "disposal")],
    ),
    PlantedFault(
        "Somebody asked four weeks ago which data the company has about them; the month is nearly over.",
        soon=[("privacy/subject_request_in_time", "registers/2")],
    ),
)
WHOLE: dict[str, Any] = {"security": "As published.", "contact": "The data protection officer, by mail."}


def keep(company: Company) -> None:
    """Keep what the chapter has of this, oldest first."""
    _record(company)
    _instructions(company)
    _questions(company)
    with company.at(120):
        shop = consents.declare_sign_up(
            by=company.lead(),
            name="portal",
            title="Customer portal",
            owner=MARKETING,
            asks="A name, an address.",
            consent_required=False,
        )
        consents.check_sign_up(shop, by=company.officer())
        consents.note_consent(
            by=company.lead(),
            principal="reader-17",
            purpose="newsletter",
            how="A box in the portal.",
            wording=company.letter("May we?"),
        )
        sent = transmitting.note_transmission(
            by=company.lead(), recipient="Museum of Lisbrook", what="Orders of a year", channel=Channel.SFTP, digest="5" * 64, owner=SALES
        )
        transmitting.confirm_arrival(sent, by=company.lead(), received_by="Museum of Lisbrook", digest="5" * 64)
    _subjects(company)
    _demand(company)
    _kept(company)


def _record(company: Company) -> None:
    for_customers: dict[str, Any] = {"capacity": Capacity.PROCESSOR, "customers": ["shipyard", "museum", "bakeries"]}
    own: dict[str, Any] = {
        "capacity": Capacity.CONTROLLER,
        "data_subjects": "Staff, readers.",
        "recipients": "None.",
        "retention": "Three years.",
    }
    with company.at(100):
        for name, title, owner, categories, more in (
            ("orders", "Handling orders", SUPPORT, ["buyers"], {**for_customers, "transfers": "sh: standard clauses"}),
            ("staff-files", "Keeping files of staff", PEOPLE, ["staff"], {**own, "transfers": "none"}),
            ("newsletter", "Writing to readers", MARKETING, ["buyers"], own),
        ):
            made = processing.enter_processing(
                by=company.lead(),
                name=name,
                title=title,
                owner=owner,
                purpose=name,
                data_categories=categories,
                operations="Collects, keeps, uses and erases them.",
                **WHOLE,
                **more,
            )
            if name != "newsletter":
                processing.confirm_processing(made, by=company.lead())


def _instructions(company: Company) -> None:
    with company.at(205):
        for customer in Customer.objects.order_by("pk"):
            said: dict[str, Any] = {
                "title": "Handle orders",
                "what": "As in the terms.",
                "purpose": "orders",
                "data_categories": ["buyers"],
            }
            letter = company.letter(f"Annex to the terms with {customer}")
            made = instructions.enter_instruction(customer, by=company.lead(), from_on=company.day(205), document=letter, **said)
            instructions.assess_instruction(made, by=company.officer(), finding=Finding.LAWFUL, why="Agreed in the terms.")


def _questions(company: Company) -> None:
    museum, bakeries = Customer.objects.get(name="museum"), Customer.objects.get(name="bakeries")
    with company.at(80):
        asked = information.note_information_request(museum, by=company.lead(), title="Yearly list", what="Forty questions.")
    with company.at(72):
        information.answer_information_request(asked, by=company.lead(), answer="Answered, all forty.")
    with company.at(49):
        information.note_information_request(bakeries, by=company.lead(), title="Deletion", what="How are our data deleted?")


def _subjects(company: Company) -> None:
    said: dict[str, Any] = {"principal": "A reader", "what": "Correct my address.", "owner": SUPPORT}
    with company.at(60):
        first = subject_requests.receive_request(by=company.lead(), right=Right.RECTIFICATION, **said)
        first = subject_requests.check_identity(first, by=company.lead(), how="called back")
    with company.at(58):
        first = subject_requests.execute_request(first, by=company.lead())
        subject_requests.close_request(first, by=company.lead(), answer=company.letter("Your address is right now."))
    with company.at(28):
        said |= {"principal": "Another reader", "what": "What do you know of me?"}
        subject_requests.receive_request(by=company.lead(), right=Right.ACCESS, **said)


def _demand(company: Company) -> None:
    with company.at(40):
        demand = demands.receive_demand(
            Customer.objects.get(name="shipyard"),
            by=company.lead(),
            authority="A lawyer",
            country="nh",
            owner=SALES,
            what="Who ordered what last year.",
            document=company.letter("Please send us the list."),
        )
    with company.at(38):
        demand = demands.assess_demand(demand, by=company.officer(), binding=False, why="A letter, and no order of a court.")
        demands.reject_demand(demand, by=company.lead())


def _kept(company: Company) -> None:
    """Where personal data lie, and what was given to a reader."""
    lead = company.lead()
    with company.at(110):
        said: dict[str, Any] = {"owner": SUPPORT, "system": "erp", "how": "A program deletes what is over, each night."}
        data_sets.declare_data_set(
            by=lead,
            name="orders",
            title="Orders",
            data_category="buyers",
            fields=["Name", "Address", "Orders"],
            keep_for=Span(24, "month"),
            **said,
        )
        data_sets.declare_temporary_place(
            by=lead, name="exports", title="Exports on their way", place="/srv/exports", keep_for=Span(7, "day"), **said
        )
    with company.at(30):
        given: dict[str, Any] = {"recipient": "A reader", "what": "Their own orders.", "data_categories": ["buyers"], "owner": SUPPORT}
        demands.note_data_disclosure(by=lead, basis=DisclosureBasis.SUBJECT, export="EX-1", **given)
