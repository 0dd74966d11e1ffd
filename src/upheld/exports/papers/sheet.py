"""A published document as XLSX: a line for each promise, to sort and to answer questionnaires from."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import override

from upheld.exports.papers.paper import Paper
from upheld.registers.exchange.sheets import Sheet, workbook


def document_xlsx(paper: Paper) -> bytes:
    """Return `paper` as XLSX: promises, what they rest on where the audience is told, and where it comes from."""
    with override(paper.language):
        return workbook(_sheets(paper))


def _sheets(paper: Paper) -> Iterator[Sheet]:
    names = (_("Section"), _("Promise"), _("Sentence"), _("State"), _("Dated"), _("Clauses"))
    promises = [(section.title, each.id, each.text, each.word, each.dated, each.clauses) for section, each in paper.promises]
    yield Sheet(_("Promises"), [names, *promises], (30, 16, 80, 14, 40, 40))
    measures = [(each.id, one.text, one.word, one.numbers) for _section, each in paper.promises for one in each.means]
    if measures:
        yield Sheet(_("Measures"), [(_("Promise"), _("What tests it"), _("State"), _("What was found")), *measures], (16, 90, 14, 70))
    yield Sheet(_("Where it comes from"), [(_("What"), _("Value")), *paper.facts, *paper.proof], (30, 100))
