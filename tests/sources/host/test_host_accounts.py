"""Accounts, groups, grants and grantors out of a host's answers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.sources.host.answered import AT, host, shaped

from upheld.sources.host.accounts import accounts
from upheld.sources.host.answers import Section
from upheld.sources.host.passwd import secret
from upheld.sources.host.rights import grantors, grants, group_rows, standing


def by_name(table: str = "accounts", **told: str) -> dict[object, dict[str, object]]:
    return {row["user_name"]: row for row in shaped(host(**told), table)}


def test_an_account_is_known_by_number_and_name_together() -> None:
    found = by_name()
    assert [row["id"] for row in found.values()] == [
        "web1/0/root", "web1/1/daemon", "web1/1000/alice", "web1/1001/bob", "web1/1002/backup2", "web1/0/toor",
    ]  # fmt: skip


def test_its_kind_comes_from_number_and_shell() -> None:
    assert {name: row["kind"] for name, row in by_name().items()} == {
        "root": "system", "daemon": "system", "alice": "person", "bob": "person", "backup2": "service", "toor": "system",
    }  # fmt: skip


def test_the_comment_field_says_whose_it_is() -> None:
    found = by_name()
    assert (found["alice"]["person_ref"], found["bob"]["person_ref"], found["bob"]["mail"]) == ("e17", "bob@example.org", "bob@example.org")


def test_shadow_says_how_the_password_is_stored_and_since_when() -> None:
    alice = by_name()["alice"]
    assert alice["password_scheme"] == "yescrypt"
    assert alice["password_changed_at"] == datetime(2024, 10, 4, tzinfo=UTC)
    assert by_name("host_accounts")["alice"]["maximum_age"] == timedelta(days=90)


def test_a_locked_hash_still_lies_there_and_demands_a_change() -> None:
    bob = by_name()["bob"]
    assert (bob["locked"], bob["password_scheme"], bob["password_must_change"], bob["can_sign_in"]) == (True, "sha512-crypt", True, False)


def test_an_expired_account_cannot_be_signed_in_to_although_its_password_is_empty() -> None:
    assert by_name()["toor"]["enabled"] is False
    assert by_name("host_accounts")["toor"]["password_empty"] is True


def test_a_key_lets_in_where_the_password_is_locked() -> None:
    key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl bob\n"
    answers = replace(host(__home__bob__keys=key), holders=(("bob", "/home/bob/keys"),))
    rows = {row["user_name"]: row for row in accounts(answers, "web1", AT)[0].rows}
    assert (rows["bob"]["can_sign_in"], rows["root"]["can_sign_in"]) == (True, False)
    assert {row["user_name"]: row["authorized_keys"] for row in accounts(answers, "web1", AT)[1].rows}["bob"] == 1


def test_without_shadow_what_it_holds_is_denied_and_who_has_no_shell_is_known_to_be_off() -> None:
    part, beside = accounts(host(denied=("/etc/shadow",)), "web1", AT)
    found = {row["user_name"]: row for row in part.rows}
    assert (found["alice"]["enabled"], found["alice"]["password_scheme"], found["daemon"]["enabled"]) == (None, None, False)
    assert {column for column, _ in part.denied} >= {"enabled", "password_scheme", "password_changed_at"}
    assert {column for column, _ in beside.denied} == {"password_scheme", "password_empty", "maximum_age"}


def test_keys_that_may_not_be_read_leave_it_unknown_whether_somebody_gets_in() -> None:
    answers = host(denied=("/home/bob/keys",))
    answers = replace(answers, holders=(("bob", "/home/bob/keys"),))
    part, beside = accounts(answers, "web1", AT)
    assert {row["user_name"]: row["can_sign_in"] for row in part.rows}["bob"] is None
    assert ("authorized_keys", "/home/bob/keys could not be read") in beside.denied


def test_a_lost_passwd_cuts_the_table_short_instead_of_emptying_it() -> None:
    part, _ = accounts(host(denied=("/etc/passwd",)), "web1", AT)
    assert part.cut_short == ["/etc/passwd: it may not be read by this account"]


def test_the_last_sign_in_is_the_later_of_lastlog_and_wtmp() -> None:
    lastlog = "Username Port From Latest\nalice  pts/0  192.0.2.7  Mon May  4 08:00:00 +0000 2026\nbob   **Never logged in**\n"
    wtmp = "alice pts/0 192.0.2.7  2026-05-04T10:30:00+0200 - 2026-05-04T11:00:00+0200  (00:30)\n"
    wtmp += "reboot   system boot  6.1 2026-05-04T07:00:00+0000\n"
    found = by_name(lastlog=lastlog, wtmp=wtmp)
    assert found["alice"]["last_login_at"] == datetime(2026, 5, 4, 8, 30, tzinfo=UTC)
    assert "last_login_at" not in found["bob"]


def test_without_lastlog_nobody_is_said_never_to_have_signed_in() -> None:
    answers = host()
    answers = replace(answers, sections={**answers.sections, "lastlog": Section("", 44)})
    assert "last_login_at" in {column for column, _ in accounts(answers, "web1", AT)[0].unsupported}


def test_names_with_control_characters_are_shown_not_sent_to_a_terminal() -> None:
    assert "eve\\x1b[2J" in {row["user_name"] for row in shaped(host(__etc__passwd="eve\x1b[2J:x:1003:1003::/:/bin/sh\n"), "accounts")}


def test_schemes_are_told_apart() -> None:
    words = {
        "": "none",
        "*": "locked",
        "!": "locked",
        "!!": "locked",
        "$1$a$b": "md5",
        "$2y$10$x": "bcrypt",
        "abJnggxhB/yWI": "des",
        "!$y$a": "yescrypt",
    }
    assert {word: secret(["x", word, *[""] * 8]).scheme for word in words} == words


SUDOERS = "root ALL=(ALL) ALL\n%sudo ALL=(ALL:ALL) ALL\nbob ALL=(root) NOPASSWD: /usr/bin/rsync\n"


def test_memberships_and_sudo_rights_are_grants() -> None:
    found = grants(standing(host(__etc__sudoers=SUDOERS), "web1", "web1"))
    assert {(row["holder_id"], row["entitlement"], row["privileged"]) for row in found.rows} == {
        ("web1/0/root", "root", True),
        ("web1/0/toor", "root", True),
        ("web1/1000/alice", "sudo", True),
        ("web1/1001/bob", "docker", True),
        ("web1/0/root", "sudo:ALL", True),
        ("web1/27/sudo", "sudo:ALL", True),
        ("web1/1001/bob", "sudo:/usr/bin/rsync", False),
    }


def test_who_can_grant_is_root_who_may_do_all_and_who_may_write_the_files() -> None:
    answers = host(__etc__sudoers=SUDOERS, writable="440 root root etc/sudoers\n664 root bob etc/passwd\n")
    found = grantors(standing(answers, "web1", "web1"), answers)
    assert {(row["account_id"], row["way"]) for row in found.rows} == {
        ("web1/0/root", "superuser"),
        ("web1/0/toor", "superuser"),
        ("web1/1000/alice", "sudo:ALL by %sudo"),
        ("web1/1001/bob", "member of docker"),
        ("web1/1001/bob", "write on /etc/passwd"),
    }


def test_sudoers_that_may_not_be_read_leaves_groups_unknown_not_harmless() -> None:
    answers = host(denied=("/etc/sudoers",))
    found = group_rows(standing(answers, "web1", "web1"), answers)
    assert {row["name"]: row["privileged"] for row in found.rows} == {
        "root": True, "sudo": True, "docker": True, "alice": None, "bob": None, "backup2": None,
    }  # fmt: skip
    assert grants(standing(answers, "web1", "web1")).cut_short == ["/etc/sudoers may not be read by this account"]
