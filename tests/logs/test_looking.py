"""`upheld logs scan --rules DIR FILE... --json`, as a script calls it: no workspace, any file, and never less than it says."""

import gzip
import json
import lzma
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from upheld.logs.looking import Looking
from upheld.logs.sigma.compiled import compiled, files_in

RULE = """
title: {title}
id: {id}
logsource: {{product: {product}}}
detection:
    s: {detection}
    condition: s
"""
IDS = {
    "cmd": "00000000-0000-4000-8000-00000000000a",
    "key": "00000000-0000-4000-8000-00000000000b",
    "aws": "00000000-0000-4000-8000-00000000000c",
}
MANY = """
title: many
id: 00000000-0000-4000-8000-0000000000aa
correlation: {type: event_count, rules: [00000000-0000-4000-8000-00000000000a], group-by: [Host], timespan: 5m, condition: {gte: 2}}
"""


def event(image: str = "C:\\x\\CMD.exe", **more: Any) -> dict[str, Any]:
    """A process that began, with many fields."""
    fields = {f"Field{n}": "x" for n in range(12)}
    return {
        "Channel": "Microsoft-Windows-Sysmon/Operational",
        "EventID": 1,
        "Image": image,
        "TimeCreated": "2026-05-04T10:00:00Z",
        **fields,
        **more,
    }


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A rule about processes, one of keywords, one about a cloud, and one that cannot be read."""
    folder = tmp_path / "rules"
    folder.mkdir()
    created = RULE.replace("product: {product}", "product: windows, category: process_creation")
    written = {
        "cmd": created.format(title="cmd", id=IDS["cmd"], detection="{Image|endswith: '\\cmd.exe'}"),
        "key": RULE.format(title="key", id=IDS["key"], product="linux", detection="['evil words']"),
        "aws": RULE.format(title="aws", id=IDS["aws"], product="aws", detection="{userIdentity.userName: eve}"),
        "bad": RULE.format(title="bad", id=IDS["cmd"][:-1] + "f", product="x", detection="{A|re: '('}"),
    }
    for name, text in written.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    return folder


def scan(rules: Path, *files: Path | str, status: int = 0) -> tuple[list[tuple[str, str, int]], dict[str, Any]]:
    """What the command says of `files`: detections as (title, file's name, line), and the last line."""
    home = {"XDG_CACHE_HOME": str(rules.parent / "cache"), "UPHELD_WORKSPACE": str(rules.parent / "none")}
    ran = subprocess.run(
        [sys.executable, "-m", "upheld", "logs", "scan", "--rules", str(rules), "--json", *map(str, files)],
        capture_output=True,
        text=True,
        env={**os.environ, **home},
        check=False,
    )
    assert ran.returncode == status, ran.stderr
    assert "Traceback" not in ran.stderr and not (rules.parent / "none").exists()
    *found, last = [json.loads(line) for line in ran.stdout.splitlines()]
    assert all(set(each) == {"rule_id", "title", "file", "line", "time"} for each in found)
    return [(each["title"], Path(each["file"]).name, each["line"]) for each in found], last


def lines(*events: Any) -> bytes:
    """Events as lines of JSON."""
    return b"".join(json.dumps(each).encode() + b"\n" for each in events)


def test_a_script_gets_every_detection_and_a_last_line(rules: Path, tmp_path: Path) -> None:
    (tmp_path / "plain.jsonl").write_bytes(lines(event(), event("C:\\y.exe"), event("C:\\y.exe", Message="some Evil Words")))
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines(event("C:\\y.exe"), event())))
    (tmp_path / "b.jsonl.xz").write_bytes(lzma.compress(lines(event())[:-1]))
    found, last = scan(rules, tmp_path / "plain.jsonl", tmp_path / "a.jsonl.gz", tmp_path / "b.jsonl.xz")
    assert found == [("cmd", "plain.jsonl", 1), ("key", "plain.jsonl", 3), ("cmd", "a.jsonl.gz", 2), ("cmd", "b.jsonl.xz", 1)]
    assert (last["events"], last["rules"], last["unread_lines"]) == (6, 3, 0) and last["cpu_seconds"] > 0
    assert [each["id"] for each in last["skipped_rules"]] == [IDS["cmd"][:-1] + "f"] and last["skipped_rules"][0]["why"]
    assert scan(rules, tmp_path / "plain.jsonl")[0] == found[:2]


def test_nested_events_lists_and_correlations_are_found(rules: Path, tmp_path: Path) -> None:
    (rules / "many.yml").write_text(MANY, encoding="utf-8")
    evtx = {
        "Event": {
            "System": {
                "Channel": "Microsoft-Windows-Sysmon/Operational",
                "EventID": {"#text": 1},
                "TimeCreated": {"#attributes": {"SystemTime": "2026-05-04T10:00:00Z"}},
            },
            "EventData": {"Image": "c:\\cmd.exe", "Host": "a", "Channel": "forged"},
        }
    }
    beat = {
        "@timestamp": "2026-05-04T10:01:00Z",
        "winlog": {"channel": "Microsoft-Windows-Sysmon/Operational", "event_id": "1", "event_data": {"Image": "\\cmd.exe", "Host": "a"}},
    }
    trail = {"Records": [{"userIdentity": {"userName": "ada"}}, {"userIdentity": {"userName": "Eve"}, "eventTime": "2026-05-04T10:00:00Z"}]}
    (tmp_path / "log.jsonl").write_bytes(lines(evtx, beat, trail))
    found, last = scan(rules, tmp_path / "log.jsonl")
    assert found == [("aws", "log.jsonl", 3), ("many", "log.jsonl", 2)]  # what is correlated is told at the end
    assert last["events"] == 4


def test_what_cannot_be_read_is_said_and_all_else_is_found(rules: Path, tmp_path: Path) -> None:
    (tmp_path / "odd.jsonl").write_bytes(
        b"\xef\xbb\xbf"
        + lines(event())
        + b"\n   \nno json\n[1]\n"
        + lines(event())[:-3]
        + b"\n"  # cut in the middle
        + lines(event(Big="x" * 10_000_000))
        + json.dumps(event()).encode().replace(b'"Field1": "x"', b'"Field1": "\\ud83d"')
        + b"\r\n"
        + json.dumps(event()).encode().replace(b'"Field1": "x"', b'"Field1": "\xff"')
    )
    (tmp_path / "cut.gz").write_bytes(gzip.compress(lines(*[event(N=n) for n in range(2000)]))[:-20])
    found, last = scan(rules, tmp_path / "odd.jsonl", tmp_path / "cut.gz", tmp_path / "none.jsonl", status=3)
    assert [line for _, name, line in found if name == "odd.jsonl"] == [1, 7, 8, 9]
    assert last["unread_lines"] == 3 and [Path(each["file"]).name for each in last["troubles"]] == ["cut.gz", "none.jsonl"]
    assert sum(name == "cut.gz" for _, name, _ in found) > 1000


def looked(rules: Path, file: Path) -> tuple[list[tuple[str, int]], Looking]:
    """What is found in `file`, in this process."""
    found = list[tuple[str, int]]()
    looking = Looking(compiled(files_in([rules])), lambda seen: found.append((seen.rule.title, seen.line)))
    looking.through([str(file)])
    return found, looking


def test_of_a_damaged_archive_all_is_read_up_to_the_damage(rules: Path, tmp_path: Path) -> None:
    said = lines(*[event(N=n) for n in range(3000)])
    for name, packed, least in (
        ("a.gz", gzip.compress(said)[:-20], 2_900),
        ("a.xz", lzma.compress(said)[:-30], 2_900),
        ("b.gz", gzip.compress(said) + b"more", 3_000),
        ("c.gz", gzip.compress(said)[:100] + b"\x1f\x8b", 0),
        ("d.gz", gzip.compress(said[:700]) + gzip.compress(said[700:]), 3_000),
    ):
        (tmp_path / name).write_bytes(packed)
        found, looking = looked(rules, tmp_path / name)
        assert len(found) >= least and len(looking.troubles) == (name != "d.gz")


def test_events_written_for_people_or_in_utf_16_are_read(rules: Path, tmp_path: Path) -> None:
    one = {"userIdentity": {"userName": "eve"}, "eventTime": "2026-05-04T10:00:00Z"}
    looked_up = {"Events": [{"EventName": "x", "CloudTrailEvent": json.dumps(one)}], "NextToken": "more"}
    for name, said, found in (
        ("list", json.dumps([one, one], indent=2), [1, 2]),
        ("records", json.dumps({"Records": [{}, one]}, indent=4).replace("\n", "\r\n"), [2]),
        ("events", json.dumps(looked_up, indent=1), [1]),
        ("several", "\n".join(json.dumps(one, indent=2) for _ in range(3)), [1, 2, 3]),
        ("cut", '{"a": {\n' + json.dumps(one) + "\n", [2]),
        ("one", json.dumps(one), [1]),
    ):
        (tmp_path / name).write_text(said, encoding="utf-8")
        assert looked(rules, tmp_path / name)[0] == [("aws", line) for line in found], name
        (tmp_path / "wide").write_text(json.dumps(one) + "\n" + json.dumps(one), encoding="utf-16")
    assert looked(rules, tmp_path / "wide")[0] == [("aws", 1), ("aws", 2)]


TIMES = [
    "1" + "0" * 400,
    "1e30",
    "NaN",
    "true",
    "[1]",
    '"0001-01-01T00:00:00+23:59"',
    '"9999-12-31T23:59:59-23:59"',
    '"2026-02-30"',
    '"²²²"',
]


def test_times_that_are_none_stop_nothing_and_names_of_any_bytes_are_told(rules: Path, tmp_path: Path) -> None:
    (rules / "many.yml").write_text(MANY, encoding="utf-8")
    name = tmp_path / os.fsdecode(b"caf\xff.jsonl")
    said = json.dumps({**event(Host="a"), "TimeCreated": "@"})
    journal = said.replace('"TimeCreated": "@"', f'"__REALTIME_TIMESTAMP": {"9" * 400}')
    name.write_text(
        "\n".join([*(said.replace('"@"', time) for time in TIMES), journal, *[json.dumps(event(Host="a"))] * 2]), encoding="utf-8"
    )
    found, last = scan(rules, name, tmp_path / os.fsdecode(b"none\xff"), status=3)
    assert found == [("many", "caf\ufffd.jsonl", len(TIMES) + 3)] and last["undated"] == len(TIMES) + 1 and len(last["troubles"]) == 1
    (tmp_path / "none").mkdir()
    assert looked(rules, tmp_path / "none")[1].troubles == {str(tmp_path / "none"): "no file is in this folder"}


def test_what_comes_from_a_pipe_is_read_and_what_people_see_cannot_steer_their_terminal(rules: Path, tmp_path: Path) -> None:
    home = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    ran = subprocess.run(
        [sys.executable, "-m", "upheld", "logs", "scan", "--rules", str(rules), "-"],
        input=lines({**event(), "TimeCreated": "\x1b[31mnow"}),
        capture_output=True,
        env={**os.environ, **home},
        check=True,
    )
    assert ran.stdout.startswith(b"\\x1b[31mnow - -:1: cmd\n") and b"\x1b" not in ran.stdout + ran.stderr


def test_azures_records_have_the_names_that_rules_know(rules: Path, tmp_path: Path) -> None:
    for number, detection in enumerate(("{operationName|endswith: /delete}", "{CategoryValue: Administrative}")):
        text = RULE.format(title=f"azure{number}", id=f"00000000-0000-4000-8000-0000000000b{number}", product="azure", detection=detection)
        (rules / f"azure{number}.yml").write_text(text, encoding="utf-8")
    portal = {"operationName": {"value": "Microsoft.Compute/x/delete", "localizedValue": "Delete"}, "category": {"value": "Administrative"}}
    written = {**{f"Field{n}": 1 for n in range(12)}, "operationName": "X/DELETE", "category": "Administrative", "resourceId": "/x"}
    (tmp_path / "log").write_bytes(lines({"value": [portal]}, {"records": [written]}, written))
    assert looked(rules, tmp_path / "log")[0] == [("azure0", 1), ("azure0", 2), ("azure1", 2), ("azure0", 3), ("azure1", 3)]


def test_misuse_is_told_in_words(rules: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for told in (["--rules", str(rules)], ["--rules", str(tmp_path / "none"), "x"], ["--rules", str(tmp_path / "empty"), "x"]):
        ran = subprocess.run([sys.executable, "-m", "upheld", "logs", "scan", *told], capture_output=True, text=True, check=False)
        assert ran.returncode == 2 and "Traceback" not in ran.stderr and ran.stderr


def test_what_is_hidden_in_a_folder_of_rules_is_none_wherever_the_folder_lies(tmp_path, monkeypatch):
    (here := tmp_path / ".here" / "rules" / ".github").mkdir(parents=True)
    (here / "ci.yml").touch()
    (here.parent / "a.yaml").touch()
    monkeypatch.chdir(here)
    assert files_in([Path("..")]) == [Path("../a.yaml")] and files_in([here.parent]) == [here.parent / "a.yaml"]


def test_a_folder_of_rules_with_a_pipe_and_a_broken_link_is_read_and_said(tmp_path):
    os.mkfifo(tmp_path / "pipe.yml")
    (tmp_path / "link.yml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder.yml").mkdir()
    assert [path.name for path in files_in([tmp_path])] == ["link.yml"]
    assert "No such file" in compiled(files_in([tmp_path]), tmp_path / "shelf").ruleset.left_out[str(tmp_path / "link.yml")]
