"""A real answer of a Debian 12 machine, recorded: asked as root for every table, /usr/bin searched."""

from pathlib import Path

import pytest
from tests.sources.collected import AT

from upheld.evidence.collection import Collecting
from upheld.sources.host.answers import CUT_OFF, Answers, parse
from upheld.sources.host.shape import TABLES, Seen, parts

RECORDED = Path(__file__).parents[2] / "recorded/host/debian12.txt"
COUNTS = {
    "hosts": 1,
    "accounts": 28,
    "host_accounts": 28,
    "groups": 52,
    "grantors": 1,
    "sudo_rules": 2,
    "logon_settings": 2,
    "password_rules": 1,
    "privileged_files": 12,
    "packages": 5,
    "volumes": 1,
    "clock_readings": 1,
    "capacity_readings": 2,
    "keys": 3,
    "devices": 1,
}


def shaped(answers: Answers) -> Collecting:
    into = Collecting("web1", TABLES, AT)
    for part in parts(Seen(answers, "web1", "web1", AT, kind="server"), TABLES):
        part.hand_over(into)
    return into


def test_every_table_keeps_its_contract_and_has_its_rows() -> None:
    into = shaped(parse(RECORDED.read_bytes()))
    assert {name: len(into.seen[name].rows) for name in COUNTS} == COUNTS
    assert into.seen["package_deviations"].cut_short == [
        "packages were not compared with their vendor's digests, since the setting verify is not yes"
    ]


def test_setuid_programs_have_their_packages_although_bin_is_a_link() -> None:
    into = shaped(parse(RECORDED.read_bytes()))
    found = {row["path"]: row["package"] for row in into.seen["privileged_files"].rows.values()}
    assert {found["/usr/bin/su"], found["/usr/bin/mount"], found["/usr/bin/sudo"]} == {"util-linux", "mount", "sudo"}
    assert None not in found.values()


@pytest.mark.parametrize("cut", range(500, 50_000, 2_500))
def test_wherever_the_answer_breaks_off_what_is_missing_is_said(cut: int) -> None:
    answers = parse(RECORDED.read_bytes()[:cut])
    assert not answers.ended
    into = shaped(answers)
    for name in ("accounts", "packages", "privileged_files", "volumes", "sudo_rules"):
        seen = into.seen[name]
        assert len(seen.rows) == COUNTS[name] or seen.cut_short, f"{name} lost rows without a word"


def test_what_was_never_asked_is_not_taken_for_none() -> None:
    assert parse(b"").of("dpkg") == CUT_OFF
