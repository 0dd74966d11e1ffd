"""What lines say, format by format, and that anything else is refused without a crash."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upheld.logs.event import NoEvent
from upheld.logs.formats import access, json_lines, syslog

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
SSHD = "Jan  2 09:12:01 web1 sshd[812]: "


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            "Failed password for invalid user eve from 203.0.113.7 port 5122 ssh2",
            {"user": "eve", "from_address": "203.0.113.7", "port": "5122", "method": "password", "outcome": "failure", "reason": "unknown"},
        ),
        (
            "Failed password for root from 203.0.113.7 port 51 ssh2",
            {
                "user": "root",
                "from_address": "203.0.113.7",
                "port": "51",
                "method": "password",
                "outcome": "failure",
                "reason": "credential",
            },
        ),
        (
            "Accepted publickey for ada from 192.0.2.1 port 51 ssh2: ED25519 SHA256:x",
            {"user": "ada", "from_address": "192.0.2.1", "port": "51", "method": "publickey", "outcome": "success"},
        ),
        ("pam_unix(sshd:account): account bo has expired (account expired)", {"user": "bo", "outcome": "failure", "reason": "expired"}),
        (
            "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.9  user=ada",
            {"user": "ada", "from_address": "192.0.2.9", "outcome": "failure", "reason": "credential"},
        ),
        ("Server listening on 0.0.0.0 port 22.", {}),
    ],
)
def test_sign_ins_are_told_from_what_sshd_says(message, expected):
    found = syslog.event(SSHD + message, NOW)
    assert found.at == datetime(2026, 1, 2, 9, 12, 1, tzinfo=UTC)
    assert dict(found.fields) == {"host": "web1", "program": "sshd", "process": "812", "message": message, **expected}


def test_a_user_called_as_a_message_cannot_put_words_in(tmp_path):
    line = SSHD + "Failed password for invalid user root from 192.0.2.1 port 1 from 203.0.113.7 port 5122 ssh2"
    assert syslog.event(line, NOW).fields["from_address"] == "203.0.113.7"


@pytest.mark.parametrize(
    ("line", "at", "program", "message"),
    [
        ("2026-05-04T10:00:00.123456+02:00 h sudo: x", "2026-05-04T08:00:00.123456+00:00", "sudo", "x"),
        ('<34>1 2026-05-04T10:00:00Z h su 7 ID47 [a@1 b="c"] hello', "2026-05-04T10:00:00+00:00", "su", "hello"),
        ("<34>1 2026-05-04T10:00:00Z h su - - - hello", "2026-05-04T10:00:00+00:00", "su", "hello"),
        ("Dec 31 23:59:59 h cron: y", "2025-12-31T23:59:59+00:00", "cron", "y"),
    ],
)
def test_every_form_of_syslog(line, at, program, message):
    found = syslog.event(line, NOW)
    assert found.at and (found.at.isoformat(), found.fields["program"], found.fields["message"]) == (at, program, message)


def test_json_is_flattened_and_says_when():
    found = json_lines.event('{"eventTime": "2026-05-04T10:00:00Z", "userIdentity": {"userName": "ada"}, "names": ["a", "b"]}')
    assert found.at == datetime(2026, 5, 4, 10, tzinfo=UTC)
    assert found.fields["userIdentity.userName"] == "ada" and found.fields["names"] == ["a", "b"]
    journal = json_lines.event('{"__REALTIME_TIMESTAMP": "1777888800000000", "MESSAGE": "x"}')
    assert journal.at == datetime(2026, 5, 4, 10, tzinfo=UTC)


def test_a_request_is_told_from_an_access_log():
    line = '203.0.113.7 - ada [04/May/2026:12:00:00 +0200] "GET /x?y=1 HTTP/1.1" 404 12 "-" "curl/8 \\"q\\""'
    found = access.event(line)
    assert found.at == datetime(2026, 5, 4, 10, tzinfo=UTC)
    assert (found.fields["path"], found.fields["status"], found.fields["user"]) == ("/x?y=1", "404", "ada")
    odd = access.event('203.0.113.7 - - [04/May/2026:12:00:00 +0200] "\\x16\\x03" 400 0 "-" "-"')
    assert odd.fields["request"] == "\\x16\\x03"


@pytest.mark.parametrize("read", [syslog.event, json_lines.event, access.event])
@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_line_is_an_event_or_refused(read, line):
    try:
        found = read(line)
    except NoEvent:
        return
    assert found.raw == line and (found.at is None or found.at.tzinfo is not None)
