"""Whatever happens to files and to who reads them, no line is lost and none is read twice: killed, compressed, Windows' own, very long."""

import bz2
import json
import lzma
import os
import signal
import subprocess
import sys
import time

import pytest
from tests.logs.evtx_file import event, written
from tests.logs.test_kept import asked
from tests.logs.test_looking import rules  # noqa: F401  the same rules
from tests.logs.test_looking import scan as look
from tests.logs.test_scanning import attempt, file, log  # noqa: F401  the same log
from tests.logs.test_scanning import scan as read

from upheld import clock
from upheld.ledger import sequencer
from upheld.logs import storing, watching
from upheld.logs.models import Detection, Scan
from upheld.logs.searching import search

CMD = event("Microsoft-Windows-Sysmon/Operational", 1, "2026-05-04T10:00:00Z", {"Image": "C:\\x\\cmd.exe", "User": "eve"})
OTHER = event("Security", 4625, "2026-05-04T10:01:00Z", {"TargetUserName": "bo"})


def test_events_of_windows_are_read_from_its_own_files(rules, tmp_path):  # noqa: F811
    (tmp_path / "sysmon.evtx").write_bytes(written([CMD, OTHER, CMD]))
    (tmp_path / "cut.evtx").write_bytes(written([CMD])[:4200])
    found, last = look(rules, tmp_path / "sysmon.evtx")
    assert found == [("cmd", "sysmon.evtx", 1), ("cmd", "sysmon.evtx", 3)] and last["events"] == 3
    assert [each["file"] for each in look(rules, tmp_path / "cut.evtx", status=3)[1]["troubles"]] == [str(tmp_path / "cut.evtx")]


def test_an_event_file_that_grows_is_read_on(workspace, noon, tmp_path):
    sequencer.init("sample.example/ledger/main/1")
    path = tmp_path / "Security.evtx"
    log = watching.add("win", str(tmp_path / "*.evtx"), "json", system_id="pc1", product="windows")  # noqa: F811
    path.write_bytes(written([OTHER]))
    assert read(log).lines == 1
    path.write_bytes(written([OTHER, CMD, OTHER]))
    kept = read(log)
    assert (kept.lines, kept.unread, kept.troubles, read(log).lines) == (2, 0, [], 0)
    assert search(asked(log, "TargetUserName:bo")).found == 2 and list(storing.altered(log)) == []
    assert kept.fields_seen and "TargetUserName" in kept.fields_seen


def test_compressed_files_are_what_they_were_before(log, file, tmp_path):  # noqa: F811
    file.write_text(attempt(0) + attempt(1))
    read(log)
    (tmp_path / "auth.log.1.xz").write_bytes(lzma.compress(file.read_bytes() + attempt(2).encode()))
    (tmp_path / "auth.log.2.bz2").write_bytes(bz2.compress(b"2026-05-04T08:00:00Z web1 app: older\n" * 3))
    file.unlink()
    assert (read(log).lines, read(log).lines) == (4, 0)


def test_a_line_of_ten_megabytes_and_what_follows_it_are_read(log, file):  # noqa: F811
    file.write_text("2026-05-04T11:00:00Z web1 app: " + "x" * 10_000_000 + "\n" + attempt(1))
    kept = read(log)
    assert search(asked(log, "user:root")).found == 1 and list(storing.altered(log)) == []
    assert kept.size_bytes == file.stat().st_size


def test_what_is_delivered_twice_is_found_once_more_and_nothing_breaks(log, file):  # noqa: F811
    line = "2026-05-04T11:30:00Z web1 sudo:   eve : user NOT in sudoers ; TTY=x\n"
    file.write_text(line * 2)
    read(log)
    found = Detection.objects.get(level="medium")
    assert found.times == 2
    with file.open("a") as opened:
        opened.write(line)
    assert read(log).detections.get().times == 1 and search(asked(log, "user:eve")).found == 3


@pytest.mark.parametrize("after", [0.0, 0.4])
def test_killed_in_the_middle_of_a_file_it_reads_all_of_it_the_next_time(workspace, tmp_path, after):
    sequencer.init("sample.example/ledger/main/1")
    path, many = tmp_path / "big.jsonl", 40_000 if after else 15_000
    with path.open("w") as opened:
        opened.writelines(
            json.dumps({"time": f"2026-05-04T10:{n // 60 % 60:02}:{n % 60:02}Z", "user": f"u{n}", "n": n}) + "\n" for n in range(many)
        )
    log = watching.add("big", str(path), "json", system_id="x", product="linux", service="auth")  # noqa: F811
    words = [sys.executable, "-m", "upheld", "--workspace", str(workspace.root), "logs", "scan"]
    process = subprocess.Popen(words, env={**os.environ}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not list(storing.folder(log).glob(".*")) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert Scan.objects.count() == 0, "it was done before it was killed: make the file larger"
    assert any(storing.folder(log).iterdir())
    assert read(log).lines == many == sum(log.parts.values_list("rows", flat=True))
    assert list(storing.altered(log)) == []
    with clock.at(clock.now()):
        storing.tidy(log)
    assert [each.name for each in storing.folder(log).iterdir()] == [log.parts.get().path.rpartition("/")[2]]
