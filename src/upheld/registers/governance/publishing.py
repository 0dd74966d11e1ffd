"""Actions on the documents that the company publishes: draft, approve, send back, withdraw, publish, and the public's grace time."""

from collections.abc import Callable
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import Refused, ill
from upheld.actions.files import keep_file
from upheld.actions.kinds import Number, Text
from upheld.documents.document import Document
from upheld.documents.fields import DocumentError
from upheld.documents.models import Step
from upheld.documents.publication import enter, text
from upheld.documents.published import in_force, kept
from upheld.registers.governance.publication_models import WAITING, DocumentVersion, Stage
from upheld.registers.rules import LEADS
from upheld.registers.words import Prose

LONGEST_GRACE = 72  # hours
Grace = Annotated[
    int, Number(0, LONGEST_GRACE), "hours for which the public is shown what broke as it stood before; this time is published"
]


def _is(*stages: Stage) -> Callable[[DocumentVersion], str]:
    """Return what says why a version that is in none of `stages` will not do."""
    return lambda version: "" if version.state in stages else f"{version} is {version.state}, not {' or '.join(stages)}."


@action(by=LEADS, makes=DocumentVersion)
def draft_document(
    *,
    by: Person,
    document: Annotated[str, Text(60), "its id, as in iso; its text is taken from its file as that is now"],
    summary: Annotated[Prose, "what is new, and why"],
) -> DocumentVersion:
    """Put the text of a document, as its file says it now, before somebody else to approve. Later changes of the file are not in it."""
    try:
        written = text(document)
    except DocumentError as error:
        raise ill(document=f"{error}.") from error
    if DocumentVersion.objects.filter(document=document, state__in=WAITING).exists():
        raise Refused(f"A version of {document} waits already: approve, publish or withdraw that first.")
    before = in_force().get(document)
    if before is not None and before.document.digest == written.digest:
        raise Refused(f"The file of {document} says what is published already: there is nothing to draft.")
    keep_file(written.said)
    made = DocumentVersion(document=document, edition=written.version, title=written.title, digest=written.digest, summary=summary)
    made.before = before.document.digest if before else ""
    made.state, made.author, made.drafted_at = Stage.IN_REVIEW, by.ref, clock.now()
    return keep(made)


@action(by=LEADS, apart_from=["draft-document"], why_apart="nobody approves what they wrote", when=_is(Stage.IN_REVIEW))
def approve_document(version: DocumentVersion, *, by: Person, note: Prose | None = None) -> DocumentVersion:
    """Approve this version of a document, word for word. It can then be published."""
    enter(_text(version), Step.APPROVED, by=by.ref)
    version.state, version.decided_by, version.decided_at, version.note = Stage.APPROVED, by.ref, clock.now(), note or ""
    return keep(version)


@action(by=LEADS, apart_from=["draft-document"], why_apart="nobody decides about what they wrote", when=_is(Stage.IN_REVIEW))
def send_back_document(version: DocumentVersion, *, by: Person, note: Annotated[Prose, "what must change"]) -> DocumentVersion:
    """Send this version back to who drafted it. The next one is drafted anew."""
    version.state, version.decided_by, version.decided_at, version.note = Stage.SENT_BACK, by.ref, clock.now(), note
    return keep(version)


@action(by=LEADS, when=_is(*WAITING))
def withdraw_document(version: DocumentVersion, *, by: Person, note: Annotated[Prose, "why"]) -> DocumentVersion:
    """Take this version back before it is published."""
    version.state, version.note, version.ended_at = Stage.WITHDRAWN, note, clock.now()
    return keep(version)


@action(by=LEADS, when=_is(Stage.APPROVED))
def publish_document(version: DocumentVersion, *, by: Person, grace_hours: Grace = 24) -> DocumentVersion:
    """Publish this version: from now on it is what is judged and shown, and the one before is superseded."""
    now = clock.now()
    enter(_text(version), Step.PUBLISHED, by=by.ref)
    for before in DocumentVersion.objects.filter(document=version.document, state=Stage.PUBLISHED):
        before.state, before.ended_at = Stage.SUPERSEDED, now
        keep(before)
    version.state, version.published_by, version.published_at, version.grace_hours = Stage.PUBLISHED, by.ref, now, grace_hours
    return keep(version)


@action(by=LEADS, when=_is(Stage.PUBLISHED))
def change_grace(version: DocumentVersion, *, by: Person, grace_hours: Grace, note: Annotated[Prose, "why"]) -> DocumentVersion:
    """Change for how long the public is shown what broke as it stood before. The time is published beside the document."""
    version.grace_hours, version.note = grace_hours, note
    return keep(version)


def _text(version: DocumentVersion) -> Document:
    found = kept(version.digest)
    if found is None:
        raise Refused(f"The text of {version} is gone, or was changed behind the product's back: withdraw it and draft it anew.")
    return found
