"""What `upheld export pdf`, `docx` and `xlsx` share: one document, for one audience, in one language."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from upheld.cli.exporting.handing import asks, hand_out, stood
from upheld.exports.papers.paper import LANGUAGES, Audience, Paper, paper
from upheld.exports.position import ExportError, Position
from upheld.exports.writing import write
from upheld.registers.trust.levels import levels
from upheld.registers.trust.models import Shown
from upheld.verdicts.standing import PromiseStanding


def command(form: str, help_: str, make: Callable[[Paper], bytes]) -> click.Command:
    """Return the command that writes a document as `form`, which `make` makes of a paper."""

    @click.command(form, help=help_)
    @click.option(
        "--audience", type=click.Choice([each.value for each in Audience]), default="public", show_default=True, help="Who is told."
    )
    @click.option("--language", type=click.Choice(LANGUAGES), help="Of all but the document's own text. Default: the document's.")
    @asks
    def write_paper(out: Path, document: str, as_of: datetime | None, as_json: bool, audience: str, language: str | None) -> None:
        found = stood(document, as_of, public=audience == Audience.PUBLIC)
        if len(found.documents) > 1:
            names = ", ".join(each.document.id for each in found.documents)
            raise click.UsageError(f"A paper is about one document: name it with --document; there are {names}")
        its_own = found.documents[0].document.language
        whom, in_words = Audience(audience), language or (its_own if its_own in LANGUAGES else "en")
        told, hidden = _as_shown(found, whom)
        said = paper(told, audience=whom, language=in_words, hidden=hidden)
        try:
            digest = write(out, [make(said)])
        except ExportError as error:
            raise click.ClickException(str(error)) from error
        hand_out(form, found, {out.name: digest}, out, as_json)

    return write_paper


def _as_shown(found: Position, audience: Audience) -> tuple[Position, frozenset[str]]:
    """Return `found` with what proves each promise only where `audience` is shown that, and the promises whose sentence alone they are."""
    if audience is Audience.AUDITOR:
        return found, frozenset()
    every = (each.promise.id for document in found.documents for each in document.promises)
    told = levels(every, customers=audience is Audience.CUSTOMER)
    documents = tuple(
        replace(document, promises=tuple(_told(each, told[each.promise.id]) for each in document.promises)) for document in found.documents
    )
    return replace(found, documents=documents), frozenset(name for name, level in told.items() if level is Shown.SENTENCE)


def _told(each: PromiseStanding, level: Shown) -> PromiseStanding:
    return each if level.rank >= Shown.MEANS.rank else replace(each, promise=replace(each.promise, measures=()))
