"""Bundles that the worker makes for auditors: where they lie until they are fetched, how far each is, and when they go.

They hold rows of the evidence, so that they are kept for a day, and none outlives the erasure of a person.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from upheld.actions.models import Record
from upheld.documents.publication import documents
from upheld.exports.bundle.scope import About, Disclose
from upheld.registers.compliance.bundles import folder
from upheld.registers.compliance.space_models import AuditorBundle
from upheld.registers.trust.models import PromiseShown, ToAuditors, TrustCenter

KEPT_FOR = timedelta(days=1)
Named = Callable[[str], bool]


def place(bundle: Record) -> Path:
    """Return where the file of `bundle` lies, or would."""
    return folder() / f"{bundle.pk}.zip"


def said(bundle: Record) -> str:
    """Return how far it is, in words; "" before it began."""
    file = place(bundle).with_suffix(".far")
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def say(bundle: Record, words: str) -> None:
    """Write down how far it is."""
    folder().mkdir(mode=0o700, exist_ok=True)
    draft = place(bundle).with_suffix(".draft")
    draft.write_text(words, encoding="utf-8")
    draft.rename(place(bundle).with_suffix(".far"))


def over(now: datetime) -> list[Path]:
    """Return the files of bundles that were made more than a day before `now`, or of none that there is."""
    kept = AuditorBundle.objects.filter(trouble="").exclude(made_at__lt=now - KEPT_FOR)
    names = {str(each) for each in kept.values_list("pk", flat=True)}
    return [file for file in folder().glob("*") if file.stem not in names]


def discard(files: list[Path]) -> int:
    """Delete `files`, and return how many there were."""
    for file in files:
        file.unlink(missing_ok=True)
    return len(files)


def named_to_auditors() -> Named:
    """Return whether auditors are shown, by name, who and what passes and fails a measure.

    A measure that several promises rest on is shown as the one of them that shows least.
    """
    opened = TrustCenter.objects.filter(closed_at=None).first()
    general = opened.auditors if opened else ToAuditors.SUBJECTS
    each = dict(PromiseShown.objects.values_list("promise", "auditors"))
    hidden = {
        measure
        for document in documents()
        for promise in document.promises
        if each.get(promise.id, general) != ToAuditors.SUBJECTS
        for measure in promise.measures
    }
    return lambda measure: measure not in hidden


def disclosed(about: About, name: str) -> Disclose:
    """Return how much evidence goes along: rows only where auditors are shown names of all that it is about; none of nothing."""
    named = named_to_auditors()
    measures = {
        measure
        for document in documents()
        for promise in document.promises
        if about is About.ALL or name in (document.id, promise.chapter)
        for measure in promise.measures
    }
    return Disclose.ALL if measures and all(map(named, measures)) else Disclose.NONE
