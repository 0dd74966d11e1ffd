"""What searches show: which data sets somebody, or a customer, is still in, and which were not searched since."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from upheld.registers.privacy.keeping_models import ContractEnd, DataSet, Right, StoreSearch, SubjectRequest
from upheld.registers.privacy.models import Contract

ERASED, PACKAGED = (Right.ERASURE,), (Right.ACCESS, Right.PORTABILITY)


@dataclass(frozen=True)
class Looked:
    """One data set and the last search of it for one request or ending: None where there was none since. `lacks`: fields not packaged."""

    data_set: DataSet
    search: StoreSearch | None
    lacks: tuple[str, ...] = ()


def concerned(of: SubjectRequest | ContractEnd, done_at: datetime) -> Iterator[Looked]:
    """Yield each data set that was there when `of` was done, with the last search since; for a customer's, those of its categories."""
    sets = DataSet.objects.exclude(ended_at__lt=done_at).filter(since__lte=done_at)
    if (contract := _contract(of)) is not None:
        sets = sets.filter(data_category__in=contract.data_categories)
    last: dict[int, StoreSearch] = {}
    for search in of.searches.filter(searched_at__gte=done_at).order_by("searched_at", "id"):
        last[search.data_set_id] = search
    for each in sets:
        found = last.get(each.pk)
        lacks = sorted(set(each.fields) - set(found.fields)) if found and found.found and _packaged(of) else ()
        yield Looked(each, found, tuple(lacks))


def _contract(of: SubjectRequest | ContractEnd) -> Contract | None:
    if isinstance(of, ContractEnd):
        return of.contract
    return Contract.objects.filter(customer=of.customer).first() if of.customer else None


def _packaged(of: SubjectRequest | ContractEnd) -> bool:
    return isinstance(of, SubjectRequest) and of.right in PACKAGED


def searches(request: SubjectRequest) -> bool:
    """Whether `request` asks for something that a search can show: erasure, or a package."""
    return request.right in (*ERASED, *PACKAGED)


def lacking(of: SubjectRequest | ContractEnd) -> list[str]:
    """Return what searches do not show yet, a sentence for each data set; nothing where all is shown, or nothing can be."""
    done_at = of.executed_at if isinstance(of, SubjectRequest) else of.erased_at
    if done_at is None or (isinstance(of, SubjectRequest) and not searches(of)):
        return []
    return [said for each in concerned(of, done_at) if (said := _wrong(of, each))]


def _wrong(of: SubjectRequest | ContractEnd, each: Looked) -> str:
    if each.search is None:
        return f"{each.data_set} was not searched since."
    if each.search.found and not _packaged(of):
        return f"{each.data_set} still has {each.search.found} rows."
    return f"The package lacks {', '.join(each.lacks)} of {each.data_set}." if each.lacks else ""
