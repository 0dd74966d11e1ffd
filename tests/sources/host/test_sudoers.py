"""Sudoers files as people write them, nasty ones among them."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from upheld.sources.host.sudoers import Rule, logical_lines, parse

MAIN = "/etc/sudoers"


def said(text: str, *, host: str = "web1", **more: str) -> list[tuple[str, str, str, bool]]:
    """Return (holder, run as, command, needs a password) of each rule; `more` are further files, __ for / in their names."""
    files: Mapping[str, str] = {MAIN: text} | {name.replace("__", "/"): content for name, content in more.items()}
    return [(rule.holder, rule.run_as, rule.command, rule.needs_password) for rule in parse(files, host=host).rules]


def test_a_rule_says_who_may_run_what_as_whom() -> None:
    assert said("alice ALL=(ALL:ALL) ALL\n%ops ALL = (postgres) /usr/bin/psql -c select\n") == [
        ("alice", "ALL", "ALL", True),
        ("%ops", "postgres", "/usr/bin/psql -c select", True),
    ]


def test_run_as_and_tags_hold_until_changed() -> None:
    assert said("alice ALL=(db) NOPASSWD:SETENV: /bin/a, /bin/b, (root) PASSWD: /bin/c, /bin/d") == [
        ("alice", "db", "/bin/a", False),
        ("alice", "db", "/bin/b", False),
        ("alice", "root", "/bin/c", True),
        ("alice", "root", "/bin/d", True),
    ]


def test_aliases_of_aliases_are_resolved_and_a_loop_of_them_ends() -> None:
    text = "User_Alias A = B, carol : B = A, bob\nCmnd_Alias SH = /bin/sh : MORE = SH, /bin/vi\nA ALL = MORE\n"
    assert {(holder, command) for holder, _, command, _ in said(text)} >= {("carol", "/bin/sh"), ("bob", "/bin/vi")}


def test_a_negated_alias_negates_its_members() -> None:
    assert said("Cmnd_Alias SH = /bin/sh, !/bin/true\nalice ALL = ALL, !SH") == [
        ("alice", "root", "ALL", True),
        ("alice", "root", "!/bin/sh", True),
        ("alice", "root", "/bin/true", True),
    ]


def test_who_is_left_out_does_not_hold_the_rule() -> None:
    assert said("%ops, !bob ALL = ALL") == [("%ops", "root", "ALL", True)]


def test_defaults_can_waive_the_password_for_all_or_for_one() -> None:
    assert said("Defaults:bob !authenticate\nalice, bob ALL = /bin/ls") == [
        ("alice", "root", "/bin/ls", True),
        ("bob", "root", "/bin/ls", False),
    ]
    assert said("Defaults env_reset, !authenticate\nalice ALL = /bin/ls") == [("alice", "root", "/bin/ls", False)]


def test_a_continued_line_and_a_comment_at_its_end_are_read_as_sudo_reads_them() -> None:
    assert said("alice ALL = /bin/a, \\\n   /bin/b # and no more\n#1000 ALL = /bin/c\n# alice ALL = ALL\n") == [
        ("alice", "root", "/bin/a", True),
        ("alice", "root", "/bin/b", True),
        ("#1000", "root", "/bin/c", True),
    ]


def test_escaped_and_quoted_words_stay_whole() -> None:
    assert said('"dom\\user name" ALL = /bin/x a\\,b\\=c, sha256:Zm9v /opt/tool --flag') == [
        ("dom\\user name".replace("\\u", "u"), "root", "/bin/x a\\,b\\=c", True),
        ("dom\\user name".replace("\\u", "u"), "root", "/opt/tool --flag", True),
    ]


def test_several_host_sections_and_rules_for_other_hosts() -> None:
    text = "Host_Alias WEB = web1, web2\nalice WEB = /bin/a : db1 = /bin/b : 10.0.0.0/8 = /bin/c\n"
    assert [command for _, _, command, _ in said(text)] == ["/bin/a", "/bin/c"]
    assert [command for _, _, command, _ in said(text, host="db1")] == ["/bin/b", "/bin/c"]


def test_a_group_alone_to_run_as_is_said() -> None:
    assert said("alice ALL = (:adm) CWD=/tmp NOEXEC: /bin/ls") == [("alice", ":adm", "/bin/ls", True)]


def test_includes_are_followed_relative_and_in_folders_without_what_sudo_skips() -> None:
    found = said(
        "@include more\n#includedir /etc/sudoers.d\n",
        __etc__more="bob ALL = /bin/b\n",
        **{
            "__etc__sudoers.d__10-ok": "carol ALL = /bin/c\n",
            "__etc__sudoers.d__old.bak": "eve ALL = ALL\n",
            "__etc__sudoers.d__x~": "eve ALL = ALL\n",
        },
    )
    assert [holder for holder, *_ in found] == ["bob", "carol"]


def test_what_cannot_be_read_is_said_and_the_rest_is_kept() -> None:
    found = parse({MAIN: "this is no rule\nalice ALL = ALL\n@include /etc/gone\n@include /etc/sudoers\n"})
    assert found.rules == [Rule("alice", "root", "ALL", True, MAIN, 2)]
    assert found.unread == [
        "/etc/gone is included but could not be read",
        "/etc/sudoers includes itself",
        "/etc/sudoers:1: no = in it: not a rule that can be read",
    ]


@given(st.text(alphabet=st.sampled_from('alice ALL=(),:!#\\"\n\t/bin%@NOPASSWD'), max_size=200))
def test_no_text_makes_it_fail(text: str) -> None:
    found = parse({MAIN: text})
    assert all(rule.holder and rule.command for rule in found.rules)
    assert all(line for _, line in logical_lines(text))
