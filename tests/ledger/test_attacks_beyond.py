"""Attacks 18 to 36 of the second list: on commitments, entries, the database and zip files, each by its number.

Its others are where what they attack is: 1 to 17, 27 and 38 with anchors and keys, 37 and 39 with bundles and shards.
Bundles are tried with 24, too.
"""

import re
import struct
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connection, transaction
from tests.ledger import test_attacks_on_anchors, test_stamped_exports, test_stamping
from tests.ledger.forging import GENUINE, IDS, logged, members, verified, write_zip
from tests.ledger.given import Ledger, changed, restore, snapshot

from upheld.actions import kept_files
from upheld.actions.files import keep_file
from upheld.cli.ledger import verify as verify_command
from upheld.ledger import commitment, mentions, openings, proving, reading, sequencer, signers, store, whole
from upheld.ledger.append import append
from upheld.ledger.continuity import LedgerForked
from upheld.ledger.entry import Evidence
from upheld.ledger.openings import KeyLost
from upheld.ledger.placing import NotLoggable
from upheld.ledger.profile import NotCanonical
from upheld.ledger.store import NotAsSigned
from upheld.vault import keys

OPENING = bytes(range(64))
COMMITMENT = commitment.commit(IDS[1], "email", "1", OPENING)
OPENED: dict[str, tuple[str, str, object, bytes]] = {
    "18 another opening": (IDS[1], "email", "1", bytes(64)),
    "18 an opening cut short": (IDS[1], "email", "1", OPENING[:-1]),
    "19 another value": (IDS[1], "email", "2", OPENING),
    "20 the value of another field": (IDS[1], "mail", "1", OPENING),
    "21 a number for a text": (IDS[1], "email", 1, OPENING),
    "23 an opening from another entry": (IDS[2], "email", "1", OPENING),
}


@pytest.mark.parametrize("claim", OPENED.values(), ids=OPENED)
def test_an_opening_shows_only_what_was_committed_to(claim: tuple[str, str, object, bytes]) -> None:
    entry_id, field, value, opening = claim
    assert commitment.opens(COMMITMENT, IDS[1], "email", "1", OPENING)
    assert not commitment.opens(COMMITMENT, entry_id, field, value, opening)  # type: ignore[arg-type]


def personal(ledger: Ledger, name: str) -> str:
    """Append an entry with a personal value about a person, and return its id."""
    with transaction.atomic():
        return append("request.received", body={}, subject=("person", f"psn_{name}"), personal={"email": f"{name}@example.com"})


def test_22_what_was_erased_opens_no_more_though_its_row_came_back(ledger: Ledger) -> None:
    entry_id = personal(ledger, "alice")
    opened = openings.opened(entry_id)["email"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT entry, field, key, link, sealed FROM ledger_opening WHERE entry = %s", [entry_id])
        rows = cursor.fetchall()
        keys.here().destroy([opened.key])
        keys.here().forget()
        assert openings.opened(entry_id) == {}
        cursor.execute("DELETE FROM ledger_opening")
        cursor.executemany("INSERT INTO ledger_opening (entry, field, key, link, sealed) VALUES (%s, %s, %s, %s, %s)", rows)
    assert openings.opened(entry_id) == {}


def test_23_a_sealed_opening_put_beside_another_entry_does_not_open(ledger: Ledger) -> None:
    first, second = personal(ledger, "alice"), personal(ledger, "bob")
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, sealed FROM ledger_opening WHERE entry = %s AND field = 'email'", [first])
        key, sealed = cursor.fetchone()
        cursor.execute("DELETE FROM ledger_opening WHERE entry = %s AND field = 'email'", [second])
        row = (second, "email", key, None, sealed)
        cursor.execute("INSERT INTO ledger_opening (entry, field, key, link, sealed) VALUES (%s, %s, %s, %s, %s)", row)
    with pytest.raises(KeyLost, match=f"email of {second} does not open"):
        openings.opened(second)


LOGGED = {
    "25 another ledger": (logged(3, log="example.com/ledger/other/1"), "entry 2 names the log 'example.com/ledger/other/1'"),
    "26 a number left out": (logged(3, src={"id": "app-1", "n": 4}), "entry 2 is number 4 of app-1, where 3 is due"),
    "26 a number twice": (logged(3, src={"id": "app-1", "n": 2}), "entry 2 is number 2 of app-1, where 3 is due"),
    "28 a correction of what comes later": (logged(3, corrects=IDS[4]), f"entry 2 corrects {IDS[4]}, which is no earlier entry"),
    "28 a correction of itself": (logged(3, corrects=IDS[3]), f"entry 2 corrects {IDS[3]}, which is no earlier entry"),
}


@pytest.mark.parametrize(("text", "reason"), LOGGED.values(), ids=LOGGED)
def test_an_entry_that_contradicts_its_log_is_named(tmp_path: Path, text: bytes, reason: str) -> None:
    report = verified(write_zip(tmp_path / "export.zip", members([*GENUINE[:2], text]).items()))
    assert [line.split(":")[0] for line in report.failed] == [reason]


def test_24_a_file_that_an_entry_rests_on_is_gone_altered_or_of_another_size(ledger: Ledger) -> None:
    letters = [keep_file(text) for text in (b"a letter", b"another one", b"of no interest")]
    said = [*(each.evidence for each in letters), Evidence(letters[2].sha256, 3)]
    with transaction.atomic():
        for each in said:
            append("governance.appoint", subject=("record", "r/1"), body={"rows": [{"changed": [], "record": "r/1"}]}, evidence=[each])
        append("checkpoint.stamped", body={}, evidence=[Evidence("0" * 64, 7)])  # kept elsewhere: not looked for among files of records
    sequencer.sequence()
    assert [each.partition("rests on ")[2] for each in kept_files.deviations()] == ["has 14 bytes, and 3 were entered"]
    letters[0].path.unlink()
    letters[1].path.write_bytes(b"another 0ne")
    assert [each.partition("rests on ")[2] for each in kept_files.deviations()] == [
        "is gone",
        "was changed",
        "has 14 bytes, and 3 were entered",
    ]
    done = CliRunner().invoke(verify_command, [])
    assert (done.exit_code, "is gone" in done.output) == (1, True)


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM ledger_mention WHERE link <> 0 AND position = 2",
        "INSERT INTO ledger_mention (link, position) VALUES (7, 1)",
        "UPDATE ledger_mention SET position = 9 WHERE link = 0",
    ],
)
def test_29_an_index_that_is_not_what_its_entries_give_is_named(ledger: Ledger, change: str) -> None:
    ledger.grow(5)
    assert len(mentions.positions("measure", "access/mfa_required")) == 5
    assert mentions.differing() == []
    with connection.cursor() as cursor:
        cursor.execute(change)
    (said,) = mentions.differing()
    assert "is not what its entries give" in said
    assert len(mentions.scanned("measure", "access/mfa_required")) == 5


def test_30_a_database_smaller_than_its_mark_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    snapshot(ledger, tmp_path / "backup")
    ledger.grow(5)
    restore(ledger, tmp_path / "backup")
    with pytest.raises(LedgerForked, match="signed at 6 entries and the database has 1: it was restored"):
        sequencer.sequence()
    assert any("restored from a backup" in sentence for sentence in sequencer.status().wrong)
    assert "restored from a backup" in whole.verify(signers.policy)[0].failed[0]


REWRITE = "UPDATE ledger_entry SET data = replace(data, 'happened', 'happenea') WHERE position"
STORED = {
    "31 another root at the mark": (f"{REWRITE} = 300", "other entries"),
    "32 bytes that are not those hashed": (f"{REWRITE} = 9", None),
    "33 a tile replaced": ("INSERT OR REPLACE INTO ledger_tile SELECT log, level, n, root, zeroblob(8192) FROM ledger_tile", None),
    "33 a tile's root replaced": ("UPDATE ledger_tile SET root = zeroblob(32)", "other entries"),
}


@pytest.mark.parametrize(("statement", "refusal"), STORED.values(), ids=STORED)
def test_rows_changed_behind_the_guards_are_found(ledger: Ledger, statement: str, refusal: str | None) -> None:
    ledger.grow(300)
    assert reading.verify(ledger.log, ledger.key).holds
    assert proving.prove(ledger.log, 9).index == 9
    changed(statement)
    assert re.search("is not what|the checkpoint says", reading.verify(ledger.log, ledger.key).failed[0])
    store._edges.clear()  # as in a new process
    with pytest.raises(NotAsSigned, match="`upheld ledger verify` says what differs"):
        proving.prove(ledger.log, 9)
    if refusal:
        ledger.append()
        with pytest.raises(LedgerForked, match=refusal):
            sequencer.sequence()


def test_33_replacing_a_tile_is_refused_while_the_guards_are_there(ledger: Ledger) -> None:
    ledger.grow(300)
    with connection.cursor() as cursor, pytest.raises(Exception, match="append-only: insert refused"):
        cursor.execute("INSERT OR REPLACE INTO ledger_tile SELECT log, level, n, root, zeroblob(8192) FROM ledger_tile")


def test_34_a_guard_that_is_gone_is_named(ledger: Ledger) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER ledger_entry_update")
    assert sequencer.status().wrong == ("guards are gone from the database: ledger_entry_update",)
    assert reading.verify(ledger.log, ledger.key).failed == ["guards are gone from the database: ledger_entry_update"]


def test_35_an_entry_beyond_65_535_bytes_gets_in_nowhere(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(NotCanonical, match="over the 65,535"), transaction.atomic():
        append("thing.happened", body={"text": "x" * 65_300})
    long = logged(3).replace(b'{"n":3}', b'{"text":"' + b"x" * 65_535 + b'"}')
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO ledger_outbox (log, data) VALUES (0, %s)", [long])
    with pytest.raises(NotLoggable, match="over 65,535"):
        sequencer.sequence()
    assert verified(write_zip(tmp_path / "export.zip", members([*GENUINE[:2], logged(3, body={"text": "x" * 65_200})]).items())).holds


def zipped(tmp_path: Path) -> Path:
    """Return a genuine export as a zip file."""
    return write_zip(tmp_path / "export.zip", members(GENUINE[:3]).items())


def _absolute(path: Path) -> None:
    write_zip(path, [*members(GENUINE[:3]).items(), ("/tile/0/000", b"x")])


def _linked(path: Path) -> None:
    link = zipfile.ZipInfo("tile/0/001")
    link.external_attr = 0o120777 << 16
    write_zip(path, [*members(GENUINE[:3]).items(), (link, b"/etc/passwd")])


def _encrypted(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)


def _wrong_crc(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for at in range(len(data) - 4):
        if data[at : at + 4] == b"PK\x01\x02":
            data[at + 16] ^= 1  # in the central directory, which is what is read
    path.write_bytes(data)


def _overlapping(path: Path) -> None:
    """Point the last member's entry of the directory into the member before it."""
    data = bytearray(path.read_bytes())
    first, last = data.index(b"PK\x01\x02"), data.rindex(b"PK\x01\x02")
    assert first != last
    (offset,) = struct.unpack_from("<I", data, last + 42)
    struct.pack_into("<I", data, last + 42, offset - 5)
    path.write_bytes(data)


ZIPS: dict[str, tuple[Callable[[Path], None], str]] = {
    "an absolute path": (_absolute, "'/tile/0/000' is no part of an export"),
    "a link": (_linked, "is encrypted, a link or a folder"),
    "an encrypted member": (_encrypted, "is encrypted, a link or a folder"),
    "overlapping members": (_overlapping, "overlaps another member"),
    "a wrong checksum": (_wrong_crc, "is damaged: Bad CRC-32"),
}


@pytest.mark.parametrize(("change", "reason"), ZIPS.values(), ids=ZIPS)
def test_36_a_zip_file_that_is_not_as_zip_files_are_is_rejected(tmp_path: Path, change: Callable[[Path], None], reason: str) -> None:
    path = zipped(tmp_path)
    assert verified(path).holds
    change(path)
    report = verified(path)
    assert not report.holds
    assert reason in report.failed[0]


def test_every_attack_of_the_list_is_tried_by_its_number() -> None:
    there = [*OPENED, *LOGGED, *STORED]
    for module in (test_attacks_on_anchors, test_stamping, test_stamped_exports, sys.modules[__name__]):
        there += [each.removeprefix("test_").removeprefix("case_") for each in dir(module) if each.startswith("test_")]
    numbers = {int(found) for each in there for found in re.findall(r"^\d+|(?<=_and_)\d+", each)}
    assert numbers == set(range(1, 40))
