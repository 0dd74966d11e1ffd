"""How much of each promise the company decided that others are shown: in the Trust Center, and in what is handed out beside it."""

from collections.abc import Iterable, Mapping

from upheld.registers.trust.models import PromiseShown, Shown, TrustCenter


def apart() -> dict[str, PromiseShown]:
    """Return what was decided about single promises, by promise."""
    return {each.promise: each for each in PromiseShown.objects.all()}


def level(promise: str, center: TrustCenter, apart: Mapping[str, PromiseShown], *, customers: bool) -> Shown:
    """Return how much of `promise` everybody, or `customers`, are shown: what was decided `apart` about it, else about all."""
    said: TrustCenter | PromiseShown = apart.get(promise, center)
    return Shown(said.customers if customers else said.public)


def levels(promises: Iterable[str], *, customers: bool) -> dict[str, Shown]:
    """Return how much they are shown of each of `promises`; everything of one about which nothing was decided."""
    center, decided = TrustCenter.objects.filter(closed_at=None).first(), apart()
    undecided = center or TrustCenter(public=Shown.NUMBERS, customers=Shown.NUMBERS)
    return {promise: level(promise, undecided, decided, customers=customers) for promise in promises}
