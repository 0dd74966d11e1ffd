"""What is kept of a log: as it came, found again by time, field and words, looked at again by rules that changed, dropped in time."""

import gzip
import json
from datetime import timedelta

import pytest
from tests.logs.test_scanning import attempt, file, log, scan, titles  # noqa: F401  the same log

from upheld import clock
from upheld.ledger.models import Outbox
from upheld.logs import parts, searching, storing, watching
from upheld.logs.models import Detection, Hour, Pair, Retro
from upheld.logs.retro import catch_up
from upheld.logs.scanning import Scanner
from upheld.logs.searching import Question, SearchError, search, volume

OWN = """title: Own
id: 11111111-1111-4111-8111-111111111111
level: {level}
logsource: {{product: linux}}
detection:
  k: {{user: {user}}}
  condition: k
"""


def asked(log, words="", days=1):  # noqa: F811
    return Question((log,), clock.now() - timedelta(days=days), clock.now() + timedelta(minutes=1), words)


def said(answer):
    return [each.line for each in answer.hits]


def entered(kind):
    found = [json.loads(bytes(each.data)) for each in Outbox.objects.order_by("n")]
    return [each["body"] for each in found if each["kind"] == kind]


def test_lines_are_kept_as_they_came_and_are_what_the_ledger_says(log, file):  # noqa: F811
    odd = b"\xff\xfe no UTF-8 \x00 at all\n\n\t\n" + "é ß 漢\n".encode() + b'{"a": "\\u0000"}\r\n'
    file.write_bytes(attempt(0).encode() + odd + attempt(1).encode())
    kept = scan(log)
    part = log.parts.get()
    assert (
        b"\n".join(each.line for each in sorted(parts.lines(storing.path(part)), key=lambda each: each.place)) + b"\n" == file.read_bytes()
    )
    assert (part.rows, kept.lines, kept.unread) == (7, 5, 3)
    assert list(storing.altered(log)) == []


def test_what_is_kept_and_altered_or_gone_is_said(log, file):  # noqa: F811
    file.write_text(attempt(0))
    scan(log)
    path = storing.path(log.parts.get())
    whole = path.read_bytes()
    path.write_bytes(whole[:-9] + b"x" + whole[-8:])
    assert ["not as it was written" in each for each in storing.altered(log)] == [True]
    path.unlink()
    assert ["cannot be read" in each for each in storing.altered(log)] == [True]
    part = log.parts.get()
    written = parts.Writer(path.parent, frozenset())
    written.add(parts.Row(log.files.get().pk, 0, attempt(0, "nobody").strip().encode(), bytes(16)), None, {})
    forged = written.close()
    assert forged is not None
    forged.path.rename(path)
    part.sha256 = forged.sha256
    part.save()
    assert ["are not kept as they were read" in each for each in storing.altered(log)] == [True]


@pytest.mark.parametrize(
    ("words", "users"),
    [
        ("", ["eve", "ada", "bo", "eve"]),
        ("user:eve", ["eve", "eve"]),
        ("USER:EV*", ["eve", "eve"]),
        ("-user:eve", ["ada", "bo"]),
        ('"invalid user ada"', ["ada"]),
        ("user:bo ada", []),
        ("outcome:failure -ada -bo", ["eve", "eve"]),
        ("user:%", []),
        ("user:e_e", []),
        ("it's", []),
    ],
)
def test_a_search_finds_by_field_and_by_words(log, file, words, users):  # noqa: F811
    file.write_text("".join(attempt(n, name) for n, name in enumerate(["eve", "bo", "ada", "eve"])))
    scan(log)
    found = search(asked(log, words))
    assert [line.split("user ")[1].split(" from")[0] for line in said(found)] == users
    assert found.found == len(users) == sum(many for _, many in found.bars)


def test_a_search_pages_and_says_which_fields_there_are(log, file):  # noqa: F811
    file.write_text("".join(attempt(n, f"u{n}") for n in range(30)))
    scan(log)
    newest, older = search(asked(log), most=10), search(asked(log), most=10, skip=25)
    assert ("user u29 " in newest.hits[0].line, len(newest.hits), len(older.hits), newest.found) == (True, 10, 5, 30)
    with pytest.raises(SearchError, match=r"No field 'nobody'.*from_address"):
        search(asked(log, "nobody:x"))
    assert search(Question((log,), clock.now() - timedelta(days=9), clock.now() - timedelta(days=8))).found == 0


def test_a_search_that_takes_too_long_is_ended(log, file, monkeypatch):  # noqa: F811
    file.write_text("".join(attempt(n % 60, f"u{n}") for n in range(200)))
    scan(log)
    monkeypatch.setattr(searching, "SECONDS", 0.2)
    monkeypatch.setattr(searching, "_between", lambda question: "(SELECT count(*) FROM range(100000000000)) > 0")
    with pytest.raises(SearchError, match="took longer"):
        search(asked(log))


def test_hours_hosts_and_pairs_are_counted_as_lines_come(log, file):  # noqa: F811
    file.write_text("".join(attempt(n, name) for n, name in enumerate(["eve", "bo", "eve"])))
    scan(log)
    with file.open("a") as opened:
        opened.write(attempt(9, "eve") + attempt(10, "ada").replace("Failed password for invalid user", "Accepted publickey for") * 2)
    scan(log)
    assert [(each.host, each.at.hour, each.events) for each in Hour.objects.all()] == [("web1", 11, 6)]
    assert sorted((each.who, each.host, each.first_at.second) for each in Pair.objects.all()) == [("ada", "web1", 10)]
    assert (volume(asked(log)).found, len(volume(asked(log)).bars)) == (6, 1)


def test_a_rule_that_is_new_or_changed_runs_over_what_was_read_and_no_other_does(log, file, workspace):  # noqa: F811
    own = workspace.root / "rules"
    own.mkdir()
    file.write_text("".join(attempt(n, name) for n, name in enumerate(["eve", "bo"])) + attempt(2) * 10)
    scan(log)
    before = titles()
    (own / "own.yml").write_text(OWN.format(user="eve", level="high"))
    with file.open("a") as opened:
        opened.write(attempt(3, "eve"))
    assert scan(log).detections.count() == 1
    assert catch_up(log, watching.rules()) == 1 and catch_up(log, watching.rules()) == 0
    assert titles() == sorted([*before, ("Own", 1), ("Own", 1)])
    (own / "own.yml").write_text(OWN.format(user="'*'", level="high"))
    scan(log)
    assert catch_up(log, watching.rules()) == 2  # bo and root; both of eve's were found by the rule as it was
    assert [each["detections"] for each in entered("log.read-again")] == [1, 2]
    (own / "own.yml").unlink()
    scan(log)
    assert Retro.objects.filter(ended_at=None).count() == 0 == catch_up(log, watching.rules())


def test_a_changed_correlation_counts_across_parts_and_across_turns(log, file, workspace):  # noqa: F811
    own = workspace.root / "rules"
    own.mkdir()
    for start in (0, 2, 4):
        with file.open("a") as opened:
            opened.writelines(attempt(n, "eve") for n in range(start, start + 2))
        scan(log)
    (own / "few.yml").write_text(
        "title: Few\nid: 22222222-2222-4222-8222-222222222222\nlevel: medium\ncorrelation:\n  type: event_count\n"
        "  rules: [upheld_sign_in_failed]\n  group-by: [user]\n  timespan: 1m\n  condition: {gte: 5}\n"
    )
    scan(log)
    turns = [catch_up(log, watching.rules(), seconds=0.0) for _ in range(2)]
    assert turns == [0, 0]  # no time: nothing is done, and nothing is lost
    assert catch_up(log, watching.rules()) == 1
    found = Detection.objects.get(title="Few")
    assert (found.times, found.group, found.scan) == (5, {"user": "eve"}, None)


def test_files_are_brought_in_once_whatever_the_pattern_says(log, tmp_path):  # noqa: F811
    elsewhere = tmp_path / "old" / "archive.gz"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(gzip.compress("".join(attempt(n) for n in range(12)).encode()))
    first = Scanner(log, watching.rules()).scan([elsewhere])
    again = Scanner(log, watching.rules()).scan([elsewhere])
    assert (first.lines, first.detections.count(), again.lines) == (12, 1, 0)
    assert search(asked(log)).found == 12 and scan(log).troubles == []


def test_days_are_merged_and_what_is_past_its_time_is_dropped_and_said(log, file):  # noqa: F811
    for n in range(3):
        with file.open("a") as opened:
            opened.write(attempt(n, f"u{n}"))
        scan(log)
    orphan = storing.folder(log) / ".left.json.part"
    orphan.write_text("x")
    with clock.at(clock.now() + timedelta(days=1)):
        assert storing.tidy(log) == 0
        assert log.parts.count() == 1 and log.parts.get().rows == 3 and not orphan.exists()
        assert len(list(storing.folder(log).iterdir())) == 1 and list(storing.altered(log)) == []
        assert search(asked(log, "user:u1", days=2)).found == 1
    watching.keep_for("auth", 2)
    log.refresh_from_db()
    with clock.at(clock.now() + timedelta(days=3)):
        assert storing.tidy(log) == 3 and storing.tidy(log) == 0
    assert not log.parts.exists() and not list(storing.folder(log).iterdir())
    assert [each["lines"] for each in entered("log.dropped")] == [3] and entered("log.kept-for") == [{"days": 2}]


def test_a_forged_time_makes_nothing_go_sooner(log, file):  # noqa: F811
    file.write_text("1999-01-01T00:00:00Z web1 sshd[1]: old\n" + attempt(0))
    scan(log)
    assert storing.tidy(log) == 0 and log.parts.get().rows == 2


def test_fields_that_differ_by_capitals_alone_are_both_kept(tmp_path):
    writer = parts.Writer(tmp_path, frozenset({"payload", "Payload", "line", "n"}))
    writer.add(parts.Row("f", 0, b"x"), None, {"payload": "one", "Payload": ["two"], "line": 'its "own"', "n": 1.0})
    written = writer.close()
    assert written is not None and written.fields == ("payload", "Payload~", "line~", "n")
    assert parts.columns_of("PAYLOAD", written.fields) == ["payload", "Payload~"]
