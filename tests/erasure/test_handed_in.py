"""Files handed in with records: what is about somebody goes with them, what only names them is told, and the ledger still verifies."""

import zipfile
import zlib
from datetime import date
from io import BytesIO

from tests.erasure.company import BOB, DAY, MARKERS, MONDAY, RITA, WEDNESDAY, Company, everywhere, forget_rita
from tests.erasure.test_records import at_work

from upheld import clock
from upheld.actions import kept_files
from upheld.actions.files import Kept, keep_file
from upheld.erasure import inside
from upheld.erasure.plan import plan
from upheld.erasure.reapplying import reapply
from upheld.ledger import sequencer
from upheld.registers.people.models import Undertaking
from upheld.registers.people.signing import keep_undertaking
from upheld.vault.keys import here


def document(text: str) -> bytes:
    """Return an office document that says `text`, packed as such are."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:t>{text}</w:t>" * 20)
    return made.getvalue()


def pdf(text: str) -> bytes:
    """Return a PDF file whose only stream says `text`."""
    return b"%PDF-1.7\n1 0 obj <</Filter /FlateDecode>>\nstream\n" + zlib.compress(f"({text}) Tj".encode()) + b"\nendstream\nendobj\n"


def signed(company: Company, who: str, paper: bytes) -> tuple[Undertaking, Kept]:
    """Return what human resources recorded: that `who` signed `paper`."""
    kept = keep_file(paper)
    with clock.at(MONDAY + DAY):
        made = keep_undertaking(by=at_work("P-7"), person=who, signed_on=date(2026, 5, 1), paper=kept)
        sequencer.sequence()
    return made, kept


def test_a_file_about_her_goes_one_that_names_her_is_told_and_others_stay(company: Company) -> None:
    hers, paper = signed(company, RITA[1], b"%PDF-1.7 a scan in which no name can be read")
    his, named = signed(company, BOB[1], document(f"as agreed with {MARKERS[1]}"))
    _, other = signed(company, BOB[1], document("as agreed with nobody"))
    found = plan(RITA[1], here())
    assert {(each.file.sha256, each.records, each in found.going) for each in found.files} == {
        (paper.sha256, (hers.reference,), True),
        (named.sha256, (his.reference,), False),
    }
    told = forget_rita()
    assert [paper.path.exists(), named.path.exists(), other.path.exists()] == [False, True, True]
    assert told["deleted"]["files"] == 1
    assert told["complete"] is False  # the other one still names her, although packed
    assert any(named.sha256 in said for each in told["checks"] for said in each["said"])
    assert list(kept_files.deviations()) == []
    named.path.unlink()
    assert [said.partition(" that ")[0] for said in kept_files.deviations()] == [f"the file {named.sha256[:16]}..."]  # the control


def test_with_files_whatever_names_her_goes_and_does_not_come_back(company: Company) -> None:
    _, named = signed(company, BOB[1], pdf(f"as agreed with {MARKERS[0].upper()}"))
    said = named.path.read_bytes()
    with clock.at(WEDNESDAY):
        found = plan(RITA[1], here(), with_files=True)
    assert [each.file for each in found.going] == [named]
    told = forget_rita(with_files=True)
    assert (told["complete"], named.path.exists(), everywhere(company)) == (True, False, [])
    named.path.write_bytes(said)  # as a backup of the workspace brings it back
    with clock.at(WEDNESDAY + DAY):
        assert reapply(restored=True).texts == 1
    assert not named.path.exists()


def test_a_name_is_read_in_whatever_it_is_spelled_or_packed(tmp_path) -> None:
    for number, said in enumerate(
        [
            "Zoë Ł".encode(),
            "ZOË Ł".lower().encode(),
            b'{"name": "Zo\\u00eb \\u0141"}',
            "x Zoë Ł".encode("utf-16-le"),
            document("Zoë Ł"),
            pdf("Zoë Ł"),
        ]
    ):
        (path := tmp_path / str(number)).write_bytes(said)
        assert inside.names(path, ["Zoë Ł"]), number
        assert not inside.names(path, ["Zoe L"]), number
    for broken in (document("x")[:60], b"PK\x03\x04nothing", b"%PDF-1.7 stream\nxx\nendstream", b"\x1f\x8bxx"):
        (path := tmp_path / "broken").write_bytes(broken)
        assert not inside.names(path, ["Zoë Ł"])
