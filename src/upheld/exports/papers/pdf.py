"""A published document as a PDF."""

import io
from dataclasses import asdict

import segno
from django.utils.translation import gettext as _
from django.utils.translation import override

from upheld.exports.papers.paper import Paper
from upheld.exports.papers.typeset import pdf

MOST_CODED = 1_200  # bytes; a code of more is too fine for a telephone to read off paper


def document_pdf(paper: Paper) -> bytes:
    """Return `paper` as PDF/A-2a and PDF/UA-1: cover, contents, promises, and how to verify it."""
    with override(paper.language):
        said = asdict(paper) | {
            "at": None,
            "running": paper.title,
            "foot": f"{paper.author} · {paper.audience}",
            "code": code(paper.note),
            "words": {
                "contents": _("Contents"),
                "verify": _("Check it yourself"),
                "verify_how": _(
                    "Every state in this paper is the result of a judgement, which is an entry of a ledger that nobody can change "
                    "afterwards without being seen. The checkpoint below is its signed head: keep it, and whoever shows you "
                    "another past later is found out."
                ),
                "code": _("The checkpoint, as a code to scan"),
                "code_how": _("The code holds the checkpoint as it stands above, signature included."),
                "steps": _(
                    "Ask for the entry of the judgement with its proof, or for a bundle with the evidence, and check it with the key:"
                ),
            },
        }
        return pdf("document.typ", said, paper.at)


def code(text: str) -> str:
    """Return a QR code of the checkpoint `text` as SVG; of one that many witnesses cosigned, with its first signature alone."""
    if len(text.encode()) > MOST_CODED:
        body, blank, signatures = text.partition("\n\n")
        text = body + blank + signatures.partition("\n")[0] + "\n"
    svg = io.BytesIO()
    segno.make(text or " ", micro=False, error="m").save(svg, kind="svg", border=2, xmldecl=False)
    return svg.getvalue().decode()
