"""Rows about where personal data lie and how they go, as measures read them."""

from collections.abc import Iterator
from datetime import datetime

from upheld.evidence.table import Row
from upheld.registers.privacy.endings import due
from upheld.registers.privacy.keeping_models import ContractEnd, DataSet, SubjectRequest, TemporaryPlace
from upheld.registers.privacy.models import Contract
from upheld.registers.privacy.searched import concerned, searches
from upheld.registers.rules import length


def data_sets() -> Iterator[Row]:
    """Yield where personal data lie now."""
    for each in DataSet.objects.filter(ended_at=None):
        yield {
            "id": each.name,
            "title": each.title,
            "system_id": each.system,
            "data_category_id": each.data_category,
            "fields": list(each.fields),
            "keep_for": length(each.keep),
        }


def temporary_places() -> Iterator[Row]:
    """Yield where files or rows lie for a while."""
    for each in TemporaryPlace.objects.filter(ended_at=None):
        yield {"id": each.name, "title": each.title, "system_id": each.system, "keep_for": length(each.keep)}


def subject_requests() -> Iterator[Row]:
    """Yield what people ask about their data; who they are stays here."""
    for each in SubjectRequest.objects.select_related("customer"):
        yield {
            "id": str(each.pk),
            "subject_right": each.right,
            "customer_id": each.customer.name if each.customer else None,
            "received_at": each.received_at,
            "due_at": each.due_at,
            "forwarded_at": each.forwarded_at,
            "executed_at": each.executed_at,
            "closed_at": each.closed_at,
        }


def contract_ends() -> Iterator[Row]:
    """Yield each contract that has an end under which personal data are processed, whether anybody began to end it or not."""
    ended = Contract.objects.filter(processes_personal_data=True).exclude(until_on=None).select_related("customer", "ending")
    for each in ended:
        ending: ContractEnd | None = getattr(each, "ending", None)
        yield {
            "id": str(each.pk),
            "customer_id": each.customer.name,
            "title": str(each),
            "until_on": each.until_on,
            "due_at": ending.due_at if ending else due(each),
            "choice": ending.choice if ending else None,
            "returned_at": ending.returned_at if ending else None,
            "erased_at": ending.erased_at if ending else None,
        }


def store_searches() -> Iterator[Row]:
    """Yield, for each request that was executed and each contract whose data were erased, each data set with the last search since."""
    for request in SubjectRequest.objects.exclude(executed_at=None).select_related("customer"):
        if request.executed_at and searches(request):
            yield from _looked("request", str(request.pk), request, request.executed_at)
    for ending in ContractEnd.objects.exclude(erased_at=None).select_related("contract__customer"):
        if ending.erased_at:
            yield from _looked("contract", str(ending.contract_id), ending, ending.erased_at)


def _looked(kind: str, number: str, of: SubjectRequest | ContractEnd, done_at: datetime) -> Iterator[Row]:
    for each in concerned(of, done_at):
        yield {
            "id": f"{kind}/{number}/{each.data_set.name}",
            "kind": kind,
            "of_id": number,
            "title": f"{of}: {each.data_set}",
            "data_set_id": each.data_set.name,
            "subject_right": of.right if isinstance(of, SubjectRequest) else None,
            "done_at": done_at,
            "searched_at": each.search.searched_at if each.search else None,
            "found": each.search.found if each.search else None,
            "fields_lacking": len(each.lacks) if each.search else None,
        }
