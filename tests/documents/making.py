"""Pages in formats that are no text, made for a test: PDF written by hand, DOCX by its library."""

import io
from collections.abc import Sequence
from pathlib import Path

import docx
from pypdf import PdfReader, PdfWriter


def pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """A PDF with one line of text under another on each page."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for lines in pages:
        shown = " ".join(f"({line.replace(chr(92), '').replace('(', chr(92) + '(').replace(')', chr(92) + ')')}) Tj T*" for line in lines)
        stream = f"BT /F1 11 Tf 14 TL 50 780 Td {shown} ET"
        kids.append(f"{len(objects) + 1} 0 R")
        font = "<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects) + 2} 0 R /Resources {font} >>")
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out = b"%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    return out + f"{head}trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n".encode()


def locked_pdf(pages: Sequence[Sequence[str]], password: str) -> bytes:
    """The same, to be opened with `password` only."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(pages))))
    writer.encrypt(password, algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def docx_page(path: Path) -> Path:
    """A Word page: title, numbered headings, a paragraph, a list, a table."""
    page = docx.Document()
    page.add_heading("Security measures of Tannhof Robotics", 0)
    page.add_heading("1. People", 1)
    page.add_paragraph("Everybody signs a confidentiality agreement before the first day of work.")
    page.add_heading("2. Machines", 1)
    page.add_paragraph("Our promises are:")
    page.add_paragraph("Disks of laptops are encrypted.", style="List Bullet")
    page.add_paragraph("Virus signatures are updated daily.", style="List Bullet")
    table = page.add_table(rows=2, cols=3)
    for row, cells in zip(
        table.rows, [("Clause", "Topic", "Measure"), ("A.12.4.4", "Time", "All clocks follow one time server.")], strict=True
    ):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    page.save(str(path))
    return path
