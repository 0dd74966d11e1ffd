"""The chore that makes auditors' bundles: outside any request, one after the other, saying how far it is."""

from collections.abc import Iterator
from datetime import datetime
from time import monotonic

from upheld import clock
from upheld.exports.bundle import prepared
from upheld.exports.bundle.making import Asked, make
from upheld.exports.bundle.scope import About, BundleError, Scope
from upheld.exports.bundle.writing import write
from upheld.jobs.chore import Chore
from upheld.registers.compliance.bundles import note_bundle_failed, note_bundle_made
from upheld.registers.compliance.space_models import AuditorBundle
from upheld.registers.incidents.queueing import PRODUCT

SAID_EVERY = 0.5  # seconds


def chores(now: datetime) -> Iterator[Chore]:
    """Yield making bundles while some are asked for, and deleting those whose day is over."""
    if AuditorBundle.objects.filter(made_at=None, trouble="").exists():
        yield Chore("auditors' bundles", now, make_all)
    if prepared.over(now):
        yield Chore("old bundles", now, lambda: f"{prepared.discard(prepared.over(clock.now()))} files deleted")


def make_all() -> str:
    """Make every bundle that is asked for, and return in a line what came of it."""
    asked = list(AuditorBundle.objects.filter(made_at=None, trouble="").order_by("asked_at", "pk"))
    made = sum(_made(each) for each in asked)
    return f"{made} made, {len(asked) - made} not"


def _made(bundle: AuditorBundle) -> bool:
    about = About(bundle.about)
    disclose = prepared.disclosed(about, bundle.name)
    scope = Scope(about, bundle.name, bundle.as_of, bundle.from_at)
    try:
        done = make(Asked(scope, disclose), progress=_Telling(bundle))
    except BundleError as error:
        note_bundle_failed(bundle, by=PRODUCT, trouble=str(error))
        return False
    prepared.say(bundle, "written out")
    prepared.place(bundle).unlink(missing_ok=True)  # of a worker that was killed before it could say so
    size = write(done.members, prepared.place(bundle))
    note_bundle_made(bundle, by=PRODUCT, manifest=done.manifest, size_bytes=size, disclose=disclose)
    return True


class _Telling:
    """Writes down how far a bundle is, at most twice a second."""

    def __init__(self, bundle: AuditorBundle) -> None:
        self._bundle, self._last = bundle, 0.0

    def __call__(self, what: str, done: int, total: int | None = None) -> None:
        if monotonic() - self._last >= SAID_EVERY or done == total:
            self._last = monotonic()
            prepared.say(self._bundle, f"{what}: {done:,} of {total:,}" if total else what)
