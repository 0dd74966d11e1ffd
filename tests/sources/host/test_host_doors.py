"""How one gets in, and which password rules hold: sshd, PAM, login.defs."""

from datetime import timedelta

import pytest
from tests.sources.host.answered import host, shaped

from upheld.sources.host.doors import logon_settings

SSHD = """permitrootlogin no
passwordauthentication yes
kbdinteractiveauthentication no
pubkeyauthentication yes
usepam yes
permitemptypasswords no
authenticationmethods any
"""
COMMON = "auth [success=1 default=ignore] pam_unix.so nullok\nauth requisite pam_deny.so\n"


def door(name: str, **told: str) -> dict[str, object]:
    told = {"__etc__pam.d__login": "@include common-auth\n", "__etc__pam.d__common-auth": COMMON, **told}
    return {row["door"]: row for row in shaped(host(**told), "logon_settings")}[name]


def test_effective_settings_are_what_sshd_says_of_itself() -> None:
    found = door("sshd", sshd=SSHD, __etc__ssh__sshd_config="PermitRootLogin yes\n")
    assert (found["allows_remote_superuser"], found["allows_passwords"], found["limits_guesses"]) == (False, True, False)


def test_a_match_block_that_loosens_for_somebody_counts() -> None:
    written = "PasswordAuthentication no\nMatch User eve\n  PasswordAuthentication yes\n  PermitRootLogin yes\n"
    found = door("sshd", sshd=SSHD.replace("passwordauthentication yes", "passwordauthentication no"), __etc__ssh__sshd_config=written)
    assert (found["allows_passwords"], found["allows_remote_superuser"]) == (True, True)


def test_without_sshd_itself_its_files_and_defaults_tell_and_the_first_value_counts() -> None:
    found = door(
        "sshd",
        __etc__ssh__sshd_config="Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin yes\nKbdInteractiveAuthentication no\n",
        **{"__etc__ssh__sshd_config.d__a.conf": "PermitRootLogin no # ours\nPasswordAuthentication=no\n"},
    )
    assert (found["allows_remote_superuser"], found["allows_passwords"], found["limits_guesses"]) == (False, False, True)


@pytest.mark.parametrize(
    ("told", "limits"),
    [
        ({"fail2ban": "Status for the jail: sshd\n`- Currently banned: 0\n"}, True),
        ({"__etc__pam.d__sshd": "auth required pam_faillock.so preauth\n@include common-auth\n"}, True),
        ({"sshd": SSHD + "persourcepenalties crash:90\n"}, True),
        ({"sshd": SSHD + "maxauthtries 3\n"}, False),
    ],
)
def test_guessing_is_limited_by_what_stops_it_across_connections(told: dict[str, str], limits: bool) -> None:
    assert door("sshd", **{"sshd": SSHD, **told})["limits_guesses"] is limits


def test_whether_fail2ban_guards_is_unknown_to_whoever_may_not_ask_it() -> None:
    answers = host(sshd=SSHD, whoami="1000\n", denied=("fail2ban",), **{"__etc__pam.d__login": COMMON})
    part = logon_settings(answers, "web1")
    assert {row["door"]: row["limits_guesses"] for row in part.rows} == {"sshd": None, "pam": False}
    assert "limits_guesses" in [column for column, _ in part.denied]
    assert door("sshd", sshd=SSHD, whoami="1000\n")["limits_guesses"] is False  # it is not installed


def test_two_methods_in_every_way_in_are_a_second_factor() -> None:
    both = SSHD.replace("authenticationmethods any", "authenticationmethods publickey,keyboard-interactive")
    assert door("sshd", sshd=both, __etc__ssh__sshd_config="")["requires_mfa"] is True
    either = both.replace("interactive", "interactive publickey")
    assert door("sshd", sshd=either, __etc__ssh__sshd_config="")["requires_mfa"] is False


def test_a_module_that_may_be_skipped_demands_nothing() -> None:
    optional = {"__etc__pam.d__common-auth": "auth required pam_google_authenticator.so nullok\n" + COMMON}
    assert door("pam", **optional)["requires_mfa"] is False
    assert door("pam", **{"__etc__pam.d__common-auth": "auth required pam_oath.so\n" + COMMON})["requires_mfa"] is True


def test_an_empty_password_lets_in_where_pam_takes_it_and_somebody_has_it() -> None:
    assert door("pam")["allows_empty_passwords"] is True  # toor has none
    assert door("pam", __etc__shadow="alice:$y$a$b:20000::::::\n")["allows_empty_passwords"] is False
    assert door("pam", **{"__etc__pam.d__common-auth": "auth required pam_unix.so\n"})["allows_empty_passwords"] is False


def test_whether_somebody_has_an_empty_password_is_unknown_without_shadow() -> None:
    answers = host(denied=("/etc/shadow",), **{"__etc__pam.d__login": COMMON})
    part = logon_settings(answers, "web1")
    assert [row["allows_empty_passwords"] for row in part.rows] == [None]
    assert [column for column, _ in part.denied] == ["allows_empty_passwords"]


def test_only_a_timeout_that_cannot_be_undone_ends_idle_sessions() -> None:
    assert "idle_timeout" not in door("pam", __etc__profile="TMOUT=900\n")
    assert door("pam", __etc__profile="readonly TMOUT=900\n")["idle_timeout"] == timedelta(minutes=15)
    assert door("pam", **{"__etc__profile.d__x.sh": "declare -xr TMOUT=600\n"})["idle_timeout"] == timedelta(minutes=10)


def test_password_rules_are_those_of_the_modules_that_are_called() -> None:
    told = {
        "__etc__pam.d__passwd": "@include common-password\n",
        "__etc__pam.d__common-password": "password requisite pam_pwquality.so retry=3\npassword required pam_pwhistory.so remember=7\n"
        "password [success=1] pam_unix.so obscure sha512\n",
        "__etc__pam.d__login": "auth required pam_faillock.so preauth deny=4\nauth required pam_unix.so\n",
        "__etc__security__pwquality.conf": "# minlen = 99\nminlen = 14\n",
        "__etc__security__faillock.conf": "deny = 9\nunlock_time = 1200\n",
    }
    assert shaped(host(**told), "password_rules") == [
        {
            "id": "web1/pam",
            "system_id": "web1",
            "name": "PAM and login.defs",
            "minimum_length": 14,
            "history": 7,
            "quality_checked": True,
            "locks_after": 4,
            "locked_for": timedelta(minutes=20),
            "maximum_age": timedelta(days=90),
            "scheme": "sha512-crypt",
        }
    ]


def test_rules_that_no_module_reads_are_no_rules() -> None:
    told = {"__etc__pam.d__passwd": "password required pam_unix.so\n", "__etc__security__pwquality.conf": "minlen = 14\n"}
    found = shaped(host(**told, **{"__etc__login.defs": "ENCRYPT_METHOD YESCRYPT\n"}), "password_rules")[0]
    assert (found["minimum_length"], found["quality_checked"], found["locks_after"], found["scheme"]) == (6, False, 0, "yescrypt")


def test_a_loop_of_pam_includes_ends() -> None:
    assert shaped(
        host(**{"__etc__pam.d__login": "@include a\n", "__etc__pam.d__a": "@include login\nauth required pam_unix.so\n"}), "logon_settings"
    )
