"""How much of each promise the company decided that others are shown, for what is handed out beside the Trust Center's pages."""

from collections.abc import Iterable

from upheld.registers.trust.models import PromiseShown, Shown, TrustCenter


def sentences_alone(promises: Iterable[str], *, customers: bool) -> frozenset[str]:
    """Return those of `promises` whose state everybody, or `customers`, are not shown; none where nothing was decided."""
    center = TrustCenter.objects.filter(closed_at=None).first()
    decided: dict[str, TrustCenter | PromiseShown] = {each.promise: each for each in PromiseShown.objects.all()}
    said = {promise: decided.get(promise, center) for promise in promises}
    return frozenset(promise for promise, each in said.items() if each and (each.customers if customers else each.public) == Shown.SENTENCE)
