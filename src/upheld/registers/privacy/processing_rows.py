"""Rows about what is done with personal data, as measures read them."""

from collections.abc import Iterator

from upheld.evidence.table import Row
from upheld.registers.privacy.processing_models import Consent, Finding, InformationRequest, Instruction, Processing, SignUp
from upheld.registers.privacy.sharing_models import sent


def processings() -> Iterator[Row]:
    """Yield the record of processing; what nobody wrote is not known."""
    for each in Processing.objects.all():
        yield {
            "id": each.name,
            "title": each.title,
            "owner_id": each.owner,
            "capacity": each.capacity,
            "purpose": each.purpose,
            "customers": list(each.customers),
            "data_categories": list(each.data_categories),
            **{
                name: getattr(each, name) or None
                for name in ("operations", "data_subjects", "recipients", "transfers", "retention", "security", "contact")
            },
            "confirmed_at": each.confirmed_at,
            "ended_on": each.ended_on,
        }


def processing_scopes() -> Iterator[Row]:
    """Yield, for each processing that goes on for customers, each customer and category of data: the data map."""
    for each in Processing.objects.filter(ended_on=None, capacity="processor"):
        for customer in each.customers:
            for category in each.data_categories:
                yield {
                    "id": f"{each.name}/{customer}/{category}",
                    "title": each.title,
                    "customer_id": customer,
                    "purpose": each.purpose,
                    "data_category": category,
                }


def instructions() -> Iterator[Row]:
    """Yield what customers instruct, assessed or not."""
    every = list(Instruction.objects.select_related("customer"))
    mails = sent(each.message for each in every if each.message)
    for each in every:
        yield {
            "id": str(each.pk),
            "customer_id": each.customer.name,
            "title": str(each),
            "purpose": each.purpose,
            "data_categories": list(each.data_categories),
            "received_at": each.received_at,
            "from_on": each.from_on,
            "until_on": each.until_on,
            "assessed_at": each.assessed_at,
            "infringing": each.finding == Finding.INFRINGING if each.finding else None,
            "suspended_at": each.suspended_at,
            "notified_at": each.notified_at or mails.get(each.message),
            "settled_at": each.settled_at,
        }


def customer_information_requests() -> Iterator[Row]:
    """Yield what customers ask for to show that they keep the law."""
    for each in InformationRequest.objects.select_related("customer"):
        yield {
            "id": str(each.pk),
            "customer_id": each.customer.name,
            "title": str(each),
            "asked_at": each.asked_at,
            "due_at": each.due_at,
            "answered_at": each.answered_at,
        }


def consents() -> Iterator[Row]:
    """Yield consents, given and withdrawn."""
    for each in Consent.objects.all():
        yield {
            "id": str(each.pk),
            "principal": each.principal,
            "purpose": each.purpose,
            "given_at": each.given_at,
            "withdrawn_at": each.withdrawn_at,
        }


def sign_ups() -> Iterator[Row]:
    """Yield the ways in which people sign up for services now."""
    for each in SignUp.objects.filter(ended_at=None):
        yield {"id": each.name, "title": each.title, "consent_required": each.consent_required, "checked_at": each.checked_at}
