"""A published document as DOCX, for whoever has to put it into a contract of their own."""

import io
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from docx import Document
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Pt, RGBColor

from upheld.exports.papers.paper import Line, Paper

_COLOURS = {"upheld": "1A6B33", "at_risk": "8A5A00", "excepted": "6B3FA0", "unproven": "5B5B5B", "broken": "B00020"}
_QUIET = RGBColor.from_string("555555")


def document_docx(paper: Paper) -> bytes:
    """Return `paper` as DOCX, with headings that make its contents; the same paper gives the same text."""
    with override(paper.language):
        made: Any = Document()
        _set_up(made, paper)
        _cover(made, paper)
        for section in paper.sections:
            made.add_heading(section.title, section.level)
            for each in section.promises:
                _promise(made, each)
        made.add_page_break()
        made.add_heading(_("Check it yourself"), 1)
        for name, said in paper.proof:
            _quiet(made.add_paragraph(), name)
            for line in said.splitlines():
                run = made.add_paragraph().add_run(line)
                run.font.name, run.font.size = "Courier New", Pt(8)
        written = io.BytesIO()
        made.save(written)
        return written.getvalue()


def _set_up(made: Any, paper: Paper) -> None:
    said = made.core_properties
    said.title, said.author, said.language = paper.title, paper.author, paper.language
    said.created = said.modified = paper.at
    style = made.styles["Normal"]
    style.font.name, style.font.size = "Georgia", Pt(11)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), {"en": "en-GB", "de": "de-DE"}[paper.language])
    style.element.get_or_add_rPr().append(language)


def _cover(made: Any, paper: Paper) -> None:
    _quiet(made.add_paragraph(), paper.author)
    made.add_heading(paper.title, 0)
    made.add_paragraph(paper.line)
    for each in paper.counts:
        paragraph = made.add_paragraph()
        _mark(paragraph, each.state, f"{each.mark} {each.word}")
        paragraph.add_run(f": {each.count}, ")
        _quiet(paragraph, each.means)
    for name, said in paper.facts:
        paragraph = made.add_paragraph()
        _quiet(paragraph, f"{name}: ")
        paragraph.add_run(said)
    if paper.intro:
        made.add_paragraph(paper.intro)


def _promise(made: Any, each: Line) -> None:
    paragraph = made.add_paragraph()
    _mark(paragraph, each.state, f"{each.mark} {each.word}")
    _quiet(paragraph, f"  {each.id}  ")
    paragraph.add_run(each.text)
    _quiet(made.add_paragraph(), "; ".join(filter(None, (each.dated, each.clauses))))
    for means in each.means:
        paragraph = made.add_paragraph(style="List Bullet")
        _mark(paragraph, means.state, f"{means.mark} {means.word}")
        paragraph.add_run(f"  {means.text}")
        if means.numbers:
            _quiet(paragraph, f"  {means.numbers}")


def _mark(paragraph: Any, state: str, said: str) -> None:
    run = paragraph.add_run(said)
    run.bold, run.font.color.rgb = True, RGBColor.from_string(_COLOURS[state])


def _quiet(paragraph: Any, said: str) -> None:
    run = paragraph.add_run(said)
    run.font.size, run.font.color.rgb = Pt(9), _QUIET
