"""Logs whose events are no lines: tables, journald's export, files that are one object; and numbers that did not come."""

import gzip
import json
import struct
from pathlib import Path

import pytest
from tests.logs.evtx_file import event, written
from tests.logs.test_scanning import file, log, scan, titles  # noqa: F401  the same log
from tests.logs.test_tailing import Reader

from upheld.logs import marks, records, watching
from upheld.logs.formats import azure, journald, json_lines, syslog
from upheld.logs.opening import opened
from upheld.logs.sequences import Sequences
from upheld.registers.incidents.log_rows import log_faults


def said(path: Path) -> list[dict]:
    with opened(path, apart=True) as read:
        return [json.loads(line) for line in read]


def test_a_table_is_read_row_by_row_also_packed_and_what_is_not_ended_waits(tmp_path):
    path = tmp_path / "events.csv"
    path.write_bytes(
        b'\xef\xbb\xbftime,user,said\r\n2026-05-04T11:00:00Z,eve,"two\nlines, ""quoted"""\n2026-05-04T11:01:00Z,bo,x,y\n1,"not end'
    )
    rows = said(path)
    assert rows == [
        {"time": "2026-05-04T11:00:00Z", "user": "eve", "said": 'two\nlines, "quoted"'},
        {"time": "2026-05-04T11:01:00Z", "user": "bo", "said": "x", "more": ["y"]},
    ]
    packed = tmp_path / "events.csv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert said(packed) == rows
    (tmp_path / "a.tsv").write_text("a\tb\n1\t2\n")
    assert said(tmp_path / "a.tsv") == [{"a": "1", "b": "2"}]
    path.write_text('a,b\n"x"y,1\n')
    with pytest.raises(OSError, match="row 2 is no CSV"):
        said(path)


def test_a_table_that_grows_is_read_on(log, tmp_path):  # noqa: F811
    log = watching.add("csv", str(tmp_path / "*.csv"), "csv", system_id="x", product="linux", service="auth")
    path = tmp_path / "a.csv"
    path.write_text("time,user,outcome,reason\n2026-05-04T11:00:00Z,eve,failure,expired\n")
    assert (scan(log).lines, scan(log).lines) == (1, 0)
    with path.open("a") as more:
        more.write("2026-05-04T11:01:00Z,bo,success,\n")
    assert scan(log).lines == 1 and titles() == [("An expired account was used", 1)]


def test_the_export_of_a_journal_is_read_with_its_binary_fields(tmp_path):
    path = tmp_path / "journal.export"
    message = b"Failed password for invalid user eve from 203.0.113.7 port 1 ssh2\nof two lines"
    binary = b"MESSAGE\n" + struct.pack("<Q", len(message)) + message + b"\n"
    head = b"__CURSOR=s=1\n__REALTIME_TIMESTAMP=1777892400000000\n_HOSTNAME=web1\nSYSLOG_IDENTIFIER=sshd\n_PID=7\nTAG=a\nTAG=b\n"
    path.write_bytes(head + binary + b"\n" + head + b"MESSAGE=plain\n\n" + head + binary[:-40])
    first, second = said(path)
    assert (first["MESSAGE"], first["TAG"], second["MESSAGE"]) == (message.decode(), ["a", "b"], "plain")
    event = journald.event(json.dumps(first))
    told = {name: event.fields[name] for name in ("host", "program", "process", "user", "outcome", "reason")}
    assert told == {"host": "web1", "program": "sshd", "process": "7", "user": "eve", "outcome": "failure", "reason": "unknown"}
    assert event.at is not None and event.at.isoformat() == "2026-05-04T11:00:00+00:00"
    as_bytes = journald.event(json.dumps(first | {"MESSAGE": list(message)}))  # as -o json writes what is no text
    assert as_bytes.fields["message"] == message.decode()
    path.write_bytes(head + b"X\n" + struct.pack("<Q", 1 << 40))
    with pytest.raises(OSError, match="no export of a journal"):
        said(path)


def test_a_file_that_is_one_object_is_taken_apart_and_azure_has_the_names_that_rules_know(tmp_path):
    path = tmp_path / "trail.json"
    path.write_text(json.dumps({"Records": [{"eventName": "a"}, {"eventName": "b"}]}))
    assert [each["eventName"] for each in said(path)] == ["a", "b"]
    path.write_text('{"Records": [{"eventName": "a"}, {"even')
    assert said(path) == []
    coded = {"operationName": {"value": "MICROSOFT.COMPUTE/DELETE", "localizedValue": "Delete"}, "eventTimestamp": "2026-05-04T11:00:00Z"}
    assert json_lines.event(json.dumps(coded)).fields["operationName"] == "MICROSOFT.COMPUTE/DELETE"
    diagnostic = {"operationName": "Sign-in activity", "category": "SignInLogs", "resourceId": "/t", "resultType": "50126"}
    told = json_lines.event(json.dumps(diagnostic | {"properties": {"authenticationRequirement": "single"}})).fields
    assert (told["ResultType"], told["AuthenticationRequirement"], told["resultType"]) == ("50126", "single", "50126")
    assert azure.unfolded({"operationName": 3}) == {"operationName": 3}


LINE = '<34>1 2026-05-04T11:00:{:02}Z {} app - - [origin ip="1.2.3.4"][meta sequenceId="{}"] something\n'


def test_numbers_that_did_not_come_are_a_fault_also_across_readings(log, file):  # noqa: F811
    assert syslog.event(LINE.format(1, "web1", 7)).fields["sequence"] == "7"
    file.write_text("".join(LINE.format(n, "web1", number) for n, number in enumerate((7, 8, 11, 10))) + LINE.format(9, "web2", 3))
    assert scan(log).missing == [("web1", 9, 9)]
    with file.open("a") as more:
        more.write(LINE.format(20, "web1", 12) + LINE.format(21, "web2", 6))
    assert scan(log).missing == [("web2", 4, 5)]
    faults = [(each["kind"], each["said"]) for each in log_faults()]
    assert faults == [("missing", "message 9 of web1 did not come"), ("missing", "messages 4 to 5 of web2 did not come")]


@pytest.mark.parametrize(
    ("numbers", "missing"),
    [
        ((1, 2, 3), []),
        ((5, 1, 2), []),
        ((5000, 3), [(1, 2)]),
        ((1, 5, 3, 2, 4), []),
        ((1, 5, 3), [(2, 2), (4, 4)]),
        ((3, 3, 2), []),
        ((2147483647, 1, 2), []),
    ],
)
def test_numbers_come_late_twice_and_begin_anew(numbers, missing):
    found = Sequences({})
    for number in numbers:
        found.add("h", str(number))
    found.add("h", "9" * 5000)
    assert [each[1:] for each in found.missing()] == missing


def table_of(many: int) -> bytes:
    return b"time,said\n" + b"".join(b'2026-05-04T11:00:00Z,"number %d\nin two lines"\n' % number for number in range(many))


def journal_of(many: int) -> bytes:
    said = b"__CURSOR=s=%d\n__REALTIME_TIMESTAMP=1777892400000000\nMESSAGE=number %d\n\n"
    return b"".join(said % (number, number) for number in range(many))


def events_of(many: int) -> bytes:
    parts = [written([event("Security", 4625, "2026-05-04T10:01:00Z", {"Said": f"number {each}"})]) for each in range(max(1, many))]
    head = parts[0][:42] + len(parts).to_bytes(2, "little") + parts[0][44:4096]
    return head + b"".join(each[4096:] for each in parts)


GROWING = [("a.csv", table_of, 400), ("a.export", journal_of, 400), ("a.evtx", events_of, 30), ("a.csv.gz", table_of, 400)]


@pytest.mark.parametrize(("name", "made", "many"), GROWING)
def test_records_of_a_file_that_grows_are_read_on_from_where_one_was(tmp_path, monkeypatch, name, made, many):
    path, read = tmp_path / name, Reader(str(tmp_path / name))

    def put(content: bytes) -> None:
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)  # the same file on the disk, written anew

    put(made(many))
    first, _ = read()
    parsed = spied(monkeypatch)
    put(made(many + 3))
    more, troubles = read()
    assert 0 < parsed[0] < many  # the head of the file, and what is new twice; not all of it
    assert first + more == b"".join(line + b"\n" for line in lines(path)) and (more.count(b"\n"), troubles) == (3, [])
    put(made(many + 9).replace(b"number 99\n", b"number 98\n"))
    assert read()[0].count(b"\n") == 6
    put(made(2))
    assert read()[1][0].startswith("it was cut")


def lines(path: Path) -> list[bytes]:
    """What the file says, read in one go, with no mark known."""
    marks._known.clear()
    with opened(path, apart=True) as whole:
        return whole.read().splitlines()


def spied(monkeypatch) -> list[int]:
    """How many records are made from now on, in the first place of a list."""
    many, made = [0], records._line

    def counted(said: object) -> bytes:
        many[0] += 1
        return made(said)

    monkeypatch.setattr(records, "_line", counted)
    return many


def test_another_file_in_the_same_place_is_read_from_its_beginning(tmp_path):
    path, read = tmp_path / "a.csv", Reader(str(tmp_path / "a.csv"))
    path.write_bytes(table_of(100))
    assert read()[0].count(b"\n") == 100
    path.write_bytes(b"at,what\n" + b"".join(b"2026-05-05,%d longer than before, and by far\n" % number for number in range(300)))
    data, _ = read()
    assert (data.count(b"\n"), data.splitlines()[0]) == (300, b'{"at":"2026-05-05","what":"0 longer than before","more":[" and by far"]}')
