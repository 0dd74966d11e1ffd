"""A log read again and again: each event looked at once, correlations across scans, and every byte's digest in the ledger."""

import json
from datetime import timedelta

import pytest

from upheld import clock
from upheld.ledger import sequencer
from upheld.ledger.models import Outbox
from upheld.logs import canary, scanning, watching
from upheld.logs.models import Detection, Met, Scan
from upheld.logs.scanning import Scanner
from upheld.logs.watching import LogsMisconfigured
from upheld.registers.incidents.log_rows import log_faults, log_sources

WHEN = "2026-05-04T11:{:02}:{:02}Z web1 sshd[1]: "
FAILED = "Failed password for invalid user {} from 203.0.113.7 port 1 ssh2\n"


@pytest.fixture
def log(workspace, noon, tmp_path):
    sequencer.init("sample.example/ledger/main/1")
    return watching.add("auth", str(tmp_path / "auth.log*"), "syslog", system_id="web1", product="linux", service="auth")


@pytest.fixture
def file(tmp_path):
    return tmp_path / "auth.log"


def scan(log) -> Scan:
    return Scanner(log, watching.rules()).scan()


def titles() -> list[tuple[str, int]]:
    return sorted((each.title, each.times) for each in Detection.objects.exclude(level="informational"))


def attempt(number: int, user: str = "root") -> str:
    return WHEN.format(0, number) + FAILED.format(user)


def test_brute_force_is_found_once_also_when_a_scan_ends_within_it(log, file):
    file.write_text("".join(attempt(n) for n in range(6)))
    assert scan(log).lines == 6 and titles() == []
    with file.open("a") as opened:
        opened.writelines(attempt(n) for n in range(6, 15))
    assert scan(log).lines == 9
    assert titles() == [("Many failed sign-ins from one address", 10)]
    assert scan(log).lines == 0
    assert titles() == [("Many failed sign-ins from one address", 10)]
    found = Detection.objects.get(level="high")
    assert found.group == {"from_address": "203.0.113.7"} and found.author == "Upheld"


def test_spraying_expired_accounts_and_refused_rights_are_found(log, file):
    file.write_text(
        "".join(attempt(n, f"user{n}") for n in range(5))
        + WHEN.format(30, 0)
        + "pam_unix(sshd:account): account bo has expired (account expired)\n"
        + "2026-05-04T11:31:00Z web1 sudo:   eve : user NOT in sudoers ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh\n"
    )
    scan(log)
    assert [title for title, _ in titles()] == [
        "An expired account was used",
        "One address tries many names",
        "Somebody tried to use rights they do not have",
    ]


def test_a_rule_that_only_correlations_read_says_nothing_by_itself(log, file):
    file.write_text(attempt(0))
    scan(log)
    assert not Detection.objects.exists() and Met.objects.count() == 1


def test_the_ledger_has_the_digest_of_every_piece_and_no_line(log, file):
    file.write_text(attempt(0, "marker-eve"))
    kept = scan(log)
    entries = [json.loads(bytes(each.data)) for each in Outbox.objects.order_by("n")]
    (entry,) = [each for each in entries if each["kind"] == "log.read"]
    (piece,) = entry["body"]["segments"]
    assert piece["root"] == kept.segments.get().root and entry["body"]["lines"] == 1
    assert "marker-eve" not in json.dumps(entries)


def test_what_was_cut_edited_or_is_of_another_format_is_said(log, file):
    file.write_text(attempt(0) * 20 + "no syslog at all\n")
    assert scan(log).unread == 1
    text = file.read_text()
    file.write_text(text[:-400] + text[-400:].replace("root", "nobo"))
    (trouble,) = scan(log).troubles
    assert "were changed after they were read" in trouble["what"]
    file.write_text(text[:-800])
    assert any("are left" in each["what"] for each in scan(log).troubles)


def test_a_step_back_in_time_is_counted(log, file):
    file.write_text(WHEN.format(50, 0) + "a\n" + WHEN.format(10, 0) + "b\n" + WHEN.format(49, 0) + "c\n")
    kept = scan(log)
    assert (kept.steps_back, kept.lines) == (1, 3)
    assert kept.last_at - kept.first_at == timedelta(minutes=40)


def test_own_rules_run_beside_ours_and_wrong_ones_are_named(log, file, workspace):
    own = workspace.root / "rules"
    own.mkdir()
    (own / "wrong.yml").write_text("title: [")
    (own / "own.yml").write_text(
        "title: Own\nid: 11111111-1111-4111-8111-111111111111\nauthor: Ada\nlicense: DRL 1.1\nlevel: high\n"
        "logsource: {product: linux}\ndetection:\n  k: ['for invalid user']\n  condition: k\n"
    )
    file.write_text(attempt(0))
    scan(log)
    assert titles() == [("Own", 1)] and Detection.objects.get(title="Own").licence == "DRL 1.1"
    (own / ".github").mkdir()
    (own / ".github" / "ci.yml").write_text("on: push")
    (own / "info.yml").write_text("description: of a rule")
    (own / "link.yml").symlink_to(own / "nowhere")
    assert list(watching.rules_now().left_out) == [str(own / name) for name in ("info.yml", "link.yml", "wrong.yml")]
    assert scan(log).rules_left_out == 2


def test_rules_of_other_products_do_not_run(log, workspace):
    own = workspace.root / "rules"
    own.mkdir()
    (own / "w.yml").write_text(
        "title: W\nid: 11111111-1111-4111-8111-111111111112\nlogsource: {product: windows, category: process_creation}\n"
        "detection:\n  s: {Image: x}\n  condition: s\n"
    )
    assert not any(watching.applies(rule, log) for rule in watching.rules().rules if rule.title == "W")


def test_a_scan_that_dies_leaves_nothing_and_the_next_one_finds_it_all(log, file, monkeypatch):
    file.write_text("".join(attempt(n) for n in range(12)))
    with monkeypatch.context() as patched:
        patched.setattr(Scanner, "_keep_met", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            scan(log)
    assert not Scan.objects.exists() and not Detection.objects.exists() and not log.files.exists()
    assert scan(log).lines == 12 and len(titles()) == 1


def test_what_was_met_is_forgotten_once_no_correlation_looks_so_far_back(log, file):
    file.write_text(attempt(0))
    scan(log)
    with file.open("a") as opened:
        opened.write("2026-05-05T11:00:00Z web1 sshd[1]: " + FAILED.format("x"))
    with clock.at(clock.now() + timedelta(days=1)):
        scan(log)
    assert Met.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", [{"name": "A b"}, {"name": "auth"}, {"name": "x", "format": "xml"}, {"name": "x", "silent_after_seconds": 1}]
)
def test_a_log_that_cannot_be_watched_is_refused_in_words(log, wrong):
    given = {"name": "x", "pattern": "/x", "format": "json", "system_id": "s", **wrong}
    with pytest.raises(LogsMisconfigured):
        watching.add(**given)


def test_a_silence_longer_than_agreed_is_a_gap_also_between_scans(log, file):
    log.silent_after_seconds = 600
    file.write_text(WHEN.format(0, 0) + "a\n" + WHEN.format(20, 0) + "b\n")
    assert [each[1] for each in scan(log).gaps] == ["2026-05-04T11:20:00+00:00"]
    with file.open("a") as opened:
        opened.write(WHEN.format(59, 0) + "c\n")
    assert [each[0] for each in scan(log).gaps] == ["2026-05-04T11:20:00+00:00"]
    assert [each["kind"] for each in log_faults()] == ["gap", "gap"]


def test_rules_that_cannot_fire_here_are_counted_until_their_fields_come(log, file):
    file.write_text(WHEN.format(0, 0) + "nothing of note\n")
    assert scan(log).rules_blind > 0
    with file.open("a") as opened:
        opened.write(attempt(1) + WHEN.format(2, 0) + "pam_unix(sshd:account): account bo has expired (account expired)\n")
    assert scan(log).rules_blind == 6  # those about accounts and devices, of which nothing is known here
    (source,) = log_sources()
    assert (source["rules_blind"], source["rules_left_out"], source["id"]) == (6, 0, "auth")


def test_an_edit_in_the_first_lines_is_said_and_what_was_read_is_not_read_again(log, file):
    file.write_text(attempt(0) + attempt(1))
    scan(log)
    text = file.read_text()
    file.write_text(text.replace("root", "eve!", 1))
    kept = scan(log)
    assert kept.lines == 0 and "were changed after they were read" in kept.troubles[0]["what"]
    assert scan(log).troubles == kept.troubles
    file.write_text(text + attempt(2))
    kept = scan(log)
    assert (kept.lines, kept.troubles) == (1, [])


def test_a_canary_that_does_not_come_out_in_time_is_a_fault_of_the_log(log, file):
    made = canary.add(log, "ssh://127.0.0.1:1", 60)
    tried = canary.attempt(made)
    assert "refused" in tried.said and list(log_faults()) == []
    with clock.at(clock.now() + timedelta(minutes=2)):
        (fault,) = log_faults()
        assert fault["kind"] == "canary" and "did not come out, due by 12:01" in fault["said"]
        file.write_text(attempt(0, tried.name))
        scan(log)
        assert canary.look(log) == 1
        assert "came out at 2026-05-04 12:02, due by 12:01" in next(iter(log_faults()))["said"]
    assert canary.due_at(made) == tried.tried_at + timedelta(days=1) and canary.remove(log) == 1


@pytest.mark.parametrize("address", ["http://web1", "ssh://", "ssh://root@web1", "ssh://:22", "web1"])
def test_an_address_at_which_no_canary_can_be_tried_is_refused(log, address):
    with pytest.raises(LogsMisconfigured):
        canary.add(log, address, 600)
    with pytest.raises(LogsMisconfigured):
        canary.add(log, "ssh://web1", 1)


def test_of_much_a_share_is_checked_each_time_and_what_was_found_stands_until_it_was_looked_at_again(log, file, monkeypatch):
    for n in range(4):
        with file.open("a") as opened:
            opened.write(attempt(n))
        scan(log)
    monkeypatch.setattr(scanning, "CHECKED_BYTES", file.stat().st_size // 3)
    text = file.read_text()
    file.write_text(text[:-20].replace(":02Z web1", ":02Z web2") + text[-20:])
    seen = [len(scan(log).troubles) for _ in range(8)]
    assert sorted(set(seen)) in ([0, 1], [1]) and seen[-4:] == [1, 1, 1, 1]
    file.write_text(text)
    assert [len(scan(log).troubles) for _ in range(8)][-4:] == [0, 0, 0, 0]
