"""Logs without somebody: no line, no row about lines and no file names her any more, and every digest still holds."""

import re
import shutil
from datetime import timedelta

import pytest
from tests.erasure.company import MARKERS, MONDAY, WEDNESDAY, Company, everywhere, forget_rita

from upheld import clock
from upheld.erasure.known import Meant
from upheld.erasure.person import Person, find
from upheld.erasure.reapplying import reapply
from upheld.evidence.duck import connect
from upheld.ledger import sequencer
from upheld.logs import parts, storing, watching
from upheld.logs.erasing import lines
from upheld.logs.masking import Masker
from upheld.logs.models import Detection, Hour, Pair, Segment, WatchedLog
from upheld.logs.scanning import Scanner
from upheld.upkeep.stage import working_on
from upheld.vault import fence
from upheld.vault.fence import Identifier
from upheld.vault.keys import here
from upheld.workspace import Workspace

AT = "2026-05-05T09:{:02}:00Z {} "
LINES = (
    "sshd[1]: Accepted password for ritamarkerq from 10.1.2.3 port 5 ssh2",
    "sshd[1]: Accepted password for RitaMarkerQ from 10.1.2.3 port 6 ssh2",
    "sshd[1]: Accepted password for bsteady from 10.1.2.4 port 7 ssh2",
    "sudo: adm-ritamarkerq : user NOT in sudoers ; TTY=pts/0 ; PWD=/home/adm-ritamarkerq.old ; USER=root ; COMMAND=/bin/sh",
    "slapd[9]: conn=1 fd=1 ACCEPT from IP=10.1.2.3:99 (IP=0.0.0.0:389)",
    'slapd[9]: conn=1 op=0 BIND dn="uid=ritamarkerq,ou=people,dc=acme" method=128',
    "slapd[9]: conn=1 op=0 RESULT tag=97 err=49 text=",
    "app: mail to rita.markerquill%40acme.example by Rita Markerquill, cc ritamarkerq@web1, not ritamarkerqs",
    'app: {"who": "\\u0052ita Markerquill", "number": "P-1042X"}',
)


def log_lines(host: str = "ritamarkerq-laptop") -> bytes:
    said = "".join(AT.format(n, host if n < 2 else "web1") + line + "\n" for n, line in enumerate(LINES)).encode()
    return said + b"2026-05-05T09:30:00Z web1 app: \xff by ritamarkerq\n"


def read(company: Company, log: WatchedLog, text: bytes) -> None:
    file = company.folder / "auth.log"
    with clock.at(MONDAY + timedelta(days=1, hours=3)):
        with file.open("ab") as opened:
            opened.write(text)
        Scanner(log, watching.rules()).scan()
        sequencer.sequence()


@pytest.fixture
def log(company: Company) -> WatchedLog:
    """Return a log in which Rita stands in many ways, as it was read in two readings."""
    with clock.at(MONDAY):
        made = watching.add("auth", str(company.folder / "auth.log"), "syslog", system_id="crm", product="linux", service="auth")
    read(company, made, log_lines())
    read(company, made, b"2026-05-05T10:00:00Z web1 sshd[2]: Accepted password for bsteady from 10.1.2.4 port 7 ssh2\n")
    return made


def kept(log: WatchedLog) -> list[str]:
    found = parts.in_order([storing.path(part) for part in log.parts.all()])
    return [row.line.decode("utf-8", "replace") for row in found]


def test_no_byte_of_her_is_left_and_every_digest_holds(company: Company, log: WatchedLog) -> None:
    (company.folder / "auth.log").rename(company.folder.parent / "auth.log.aside")
    assert any("parquet" in each for each in everywhere(company)) and Detection.objects.filter(line__contains="ritamarkerq").exists()
    roots = list(Segment.objects.values_list("root", flat=True))
    told = forget_rita()
    assert [each["said"] for each in told["checks"] if each["holds"] is False] == [
        ["1 of lines of logs that have a name of theirs within another word"]
    ]
    assert told["deleted"]["logs"]["logs.lines"] == 8
    # What is another's, and looks like hers, is left; nothing else is.
    assert {each.partition(": ")[2] for each in everywhere(company)} == {"ritamarkerq"} and "ritamarkerqs" in kept(log)[7]
    assert not any(marker in line.replace("ritamarkerqs", "") for line in kept(log) for marker in MARKERS)
    assert kept(log)[2] == AT.format(2, "web1") + LINES[2] and len(kept(log)) == 11
    assert list(storing.altered(log)) == [] and list(Segment.objects.values_list("root", flat=True)) == roots
    assert sorted(Segment.objects.values_list("sha256", flat=True))[0] == "" and Segment.objects.exclude(sha256="").count() == 1
    # Two spellings of one name are one somebody at that host, first seen when the first was.
    assert Pair.objects.exclude(who="bsteady").filter(first_at=MONDAY + timedelta(days=1, hours=1)).count() == 1
    assert sum(Hour.objects.values_list("events", flat=True)) == 11 and not any("rita" in each.host for each in Hour.objects.all())
    read(company, log, b"")
    assert log.scans.order_by("-pk")[0].troubles == []


def test_a_forged_line_shows_where_others_were_masked(company: Company, log: WatchedLog) -> None:
    forget_rita()
    part = log.parts.order_by("pk")[0]
    rows = list(parts.in_order([storing.path(part)]))
    forged = parts.Writer(storing.folder(log), frozenset())
    for row in rows:
        line = row.line.replace(b"10.1.2.4", b"10.9.9.9")
        forged.add(parts.Row(row.file, row.place, line, row.salt, row.leaf), None, {})
    written = forged.close()
    assert written is not None
    written.path.rename(storing.path(part))
    part.sha256 = written.sha256
    part.save()
    assert ["are not kept as they were read" in each for each in storing.altered(log)] == [True]
    # Nor does it help to change the digest in the database: the ledger has it too.
    Segment.objects.filter(first_byte=0).update(root=parts.root_of(parts.in_order([storing.path(part)])))
    assert ["are not what the ledger says was read" in each for each in storing.altered(log)] == [True]


def test_how_a_log_is_reached_is_left_and_said_and_so_is_a_part_that_cannot_be_read(company: Company, log: WatchedLog) -> None:
    WatchedLog.objects.update(pattern=str(company.folder / "ritamarkerq" / "auth.log"))
    storing.path(log.parts.order_by("pk")[0]).write_bytes(b"no Parquet")
    told = forget_rita()
    (said,) = [each["said"] for each in told["checks"] if each["level"].startswith("L1")]
    assert said == ["1 rows of logs.watchedlog, which are not changed: they say how a source is reached", "1 of logs.lines"]
    assert (told["complete"], told["not_changed"]) == (False, {"logs.watchedlog": 1})


def test_what_is_read_later_comes_in_without_her_and_rules_run_on(company: Company, log: WatchedLog) -> None:
    scanner = Scanner(log, watching.rules())  # of a process that knows her connections
    with clock.at(MONDAY + timedelta(days=1, hours=4)):
        with (company.folder / "auth.log").open("a") as opened:
            opened.write(AT.format(40, "web1") + LINES[4].replace("conn=1", "conn=2") + "\n")
            opened.write(AT.format(41, "web1") + LINES[5].replace("conn=1", "conn=2") + "\n")
        scanner.scan()
    forget_rita()
    before = Detection.objects.count()
    (company.folder / "old.log").write_bytes(log_lines().replace(b"05T09", b"05T07"))
    with clock.at(WEDNESDAY + timedelta(hours=1)):
        with (company.folder / "auth.log").open("a") as opened:
            opened.write(AT.format(42, "web1") + LINES[6].replace("conn=1", "conn=2") + "\n")
        scanner.scan()
        scanner.scan([company.folder / "old.log"])
        sequencer.sequence()
        known = fence.load(here())
        assert lines(Masker(known)) == {} and sum("erased-" in line for line in kept(log)) == 15
        assert users(log) <= {"bsteady", *(known.shown(_hers(known), each) for each in MARKERS[3:])}
    assert Detection.objects.count() > before and list(storing.altered(log)) == []
    assert not [each for each in everywhere(company) if MARKERS[3] not in each]


def _hers(known: fence.Fence) -> str:
    found = known.erasure("user", "", MARKERS[3])
    assert found is not None
    return found


def users(log: WatchedLog) -> set[str]:
    """Return who is said in the column of names."""
    with connect() as asked:
        source = parts.reading(storing.path(part) for part in log.parts.all())
        return {row[0] for row in asked.execute(f"SELECT DISTINCT user FROM {source} WHERE user IS NOT NULL").fetchall()}


def test_a_restore_brings_nobody_back(company: Company, log: WatchedLog, tmp_path) -> None:
    shutil.copytree(company.space.root, tmp_path / "copy")
    forget_rita()
    shutil.rmtree(company.space.root)
    shutil.copytree(tmp_path / "copy", company.space.root)
    with clock.at(WEDNESDAY), working_on(Workspace(company.space.root)):
        reapply(restored=True)
        assert lines(Masker(fence.load(here()))) == {} and "erased-" in kept(log)[0]
        assert list(storing.altered(log)) == []


COMPANY = {
    "ritamarkerq": "*",
    "user=ritamarkerq;": "user=*;",
    "RITA.MARKERQUILL@ACME.EXAMPLE": "*",
    "C:\\Users\\ritamarkerq\\x": "C:\\Users\\*\\x",
    "rita_ritamarkerq_x": "rita_*_x",
    "Rita  Markerquill": "Rita  Markerquill",
    "<Rita Markerquill>": "<*>",
    "xritamarkerq ritamarkerq2": "xritamarkerq ritamarkerq2",
    "ritamarkerq@acme.example": "*@acme.example",
    "bob.steady@acme.example": "bob.steady@acme.example",
    "crm/17": "*",
    "crm/18 17": "crm/18 17",
    "%52ita%20Markerquill!": "*!",
    "no name here \\u0041": "no name here \\u0041",
}


def test_a_name_is_masked_in_any_company_but_not_within_another(company: Company) -> None:
    masker = Masker(Meant(find("P-1042X", here()), bytes(32)))
    assert {said: re.sub("erased-[0-9a-f]{12}", "*", masker.line(said)) for said in COMPANY} == COMPANY
    short = Meant(Person("", {Identifier("user", "", "rm"): True, Identifier("person", "", "4711"): True}), bytes(32))
    assert Masker(short).line("4711 rm ran /bin/rm") == "4711 rm ran /bin/rm"
    assert Masker(short).line("rm ran rm, 4711 x", {"user": "rm"}).count("erased-") == 2
