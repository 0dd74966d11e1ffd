"""Sign-ins as Windows, AWS, Azure and PostgreSQL tell of them: who, whether it worked, and if not, why; and the rules that ask for it."""

import json
from typing import Any

import pytest
from tests.logs.test_knowing import MONDAY, account, record

from upheld.ledger import sequencer
from upheld.logs import scanning, watching
from upheld.logs.formats import json_lines
from upheld.logs.models import Detection

SIGN_IN = ("user", "from_address", "outcome", "reason", "program")


def windows(event: int, name: str, **more: Any) -> dict[str, Any]:
    said = {"Channel": "Security", "EventID": event, "Computer": "PC7.corp.example", "TargetDomainName": "CORP", "TargetUserName": name}
    return said | {"@timestamp": "2026-05-04T10:30:00Z", "IpAddress": "::ffff:192.0.2.7"} | more


def console(said: str, **more: Any) -> dict[str, Any]:
    who = {"type": "IAMUser", "userName": "bo"}
    return {"eventName": "ConsoleLogin", "eventTime": "2026-05-04T10:30:00Z", "sourceIPAddress": "192.0.2.8", "userIdentity": who} | {
        "responseElements": {"ConsoleLogin": said},
        **more,
    }


def entra(code: str, **more: Any) -> dict[str, Any]:
    said = {"category": "SignInLogs", "operationName": "Sign-in activity", "time": "2026-05-04T10:30:00Z", "resultType": code}
    return said | {"callerIpAddress": "192.0.2.9", "properties": {"userPrincipalName": "bo@corp.example", **more}}


def database(severity: str, message: str, user: str = "bo") -> dict[str, Any]:
    said = {"timestamp": "2026-05-04 10:30:00.123 UTC", "backend_type": "client backend", "remote_host": "192.0.2.6", "user": user}
    return said | {"error_severity": severity, "message": message}


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (windows(4624, "bo", LogonType=3), "bo 192.0.2.7 success"),
        (windows(4624, "BO@CORP.EXAMPLE"), "BO 192.0.2.7 success"),
        (windows(4624, "bo", TargetDomainName="PC7", IpAddress="-"), "bo success local account"),
        (windows(4625, "bo", Status="0xc000006d", SubStatus="0xC0000072"), "bo 192.0.2.7 failure disabled"),
        (windows(4625, "eve", Status="0xc000006d", SubStatus="0xc0000064"), "eve 192.0.2.7 failure unknown"),
        (windows(4625, "bo", Status="0xc0000193", SubStatus="0x0"), "bo 192.0.2.7 failure expired"),
        (windows(4625, "bo", Status="-1073741715", SubStatus="-1073741718"), "bo 192.0.2.7 failure credential"),
        (windows(4768, "bo", Status="0x0"), "bo 192.0.2.7 success"),
        (windows(4768, "bo", Status="0x12"), "bo 192.0.2.7 failure disabled"),
        (windows(4771, "bo", Status="0x18"), "bo 192.0.2.7 failure credential"),
        (windows(4776, "bo", Status="0xc000006a"), "bo 192.0.2.7 failure credential"),
        (windows(4776, "bo"), ""),  # whether it worked is not said
        (windows(4624, "PC7$"), ""),
        (windows(4624, "SYSTEM", TargetDomainName="NT AUTHORITY"), ""),
        (windows(4624, "DWM-1", TargetDomainName="Window Manager"), ""),
        (windows(4624, "bo", Channel="Application"), ""),
        (windows(4688, "bo"), ""),
        (console("Success"), "bo 192.0.2.8 success"),
        (console("Failure"), "bo 192.0.2.8 failure credential"),
        (
            console("Failure", userIdentity={"type": "IAMUser", "userName": "HIDDEN_DUE_TO_SECURITY_REASONS"}),
            "192.0.2.8 failure unknown",
        ),
        (console("Success", userIdentity={"type": "Root"}), "192.0.2.8 success"),
        (console("Success", eventName="GetUser"), ""),
        (entra("0"), "bo@corp.example 192.0.2.9 success"),
        (entra("50057"), "bo@corp.example 192.0.2.9 failure disabled"),
        (entra("0", userType="Guest"), "192.0.2.9 success"),
        (database("FATAL", 'password authentication failed for user "bo"'), "bo 192.0.2.6 failure credential postgres"),
        (database("LOG", "connection authorized: user=bo database=crm SSL enabled"), "bo 192.0.2.6 success postgres"),
        (database("ERROR", 'relation "x" does not exist'), "bo"),
        ({"outcome": "none of ours", "EventID": [4624], "Channel": {"x": 1}}, "none of ours"),
    ],
)
def test_who_signed_in_and_whether_it_worked(event, expected):
    fields = json_lines.event(json.dumps(event)).fields
    assert " ".join(str(fields[name]) for name in SIGN_IN if fields.get(name)) == expected


LOGS = [
    ("windows", "security", [windows(4624, "BO"), windows(4768, "cy", Status="0x0"), windows(4625, "bo", SubStatus="0xc0000072")]),
    ("aws", "cloudtrail", [console("Success"), console("Success", userIdentity={"type": "IAMUser", "userName": "cy"}), console("Failure")]),
    ("postgresql", "", [database("LOG", f"connection authorized: user={name} database=d", name) for name in ("bo", "cy")]
        + [database("FATAL", 'role "bo" is not permitted to log in')]),
]  # fmt: skip


@pytest.mark.parametrize(("product", "service", "events"), LOGS)
def test_accounts_that_nobody_may_use_are_found_wherever_they_sign_in(product, service, events, workspace, noon, tmp_path, monkeypatch):
    files: list[Any] = []
    record(tmp_path, files, MONDAY, "accounts", account("bo", enabled=False), account("ada"))
    sequencer.init("sample.example/ledger/main/1")
    monkeypatch.setattr(scanning, "files", lambda: files)
    log = watching.add("signs", str(tmp_path / "signs.json"), "json", system_id="web1", product=product, service=service)
    known = json.loads(json.dumps(events[0]).replace('"BO"', '"ada"').replace('"bo"', '"ada"').replace("user=bo", "user=ada"))
    (tmp_path / "signs.json").write_text("".join(json.dumps(each) + "\n" for each in [*events, known]))
    scanning.Scanner(log, watching.rules()).scan()
    assert sorted((each.level, each.title) for each in Detection.objects.filter(level__in=("critical", "high"))) == [
        ("critical", "An account that nobody may use any more signed in"),
        ("high", "A name that no account ever had signed in"),
        ("high", "An account that nobody may use any more was tried"),
    ]


def test_an_account_of_a_computers_own_need_not_be_known(workspace, noon, tmp_path, monkeypatch):
    files: list[Any] = []
    record(tmp_path, files, MONDAY, "accounts", account("ada"))
    sequencer.init("sample.example/ledger/main/1")
    monkeypatch.setattr(scanning, "files", lambda: files)
    log = watching.add("signs", str(tmp_path / "signs.json"), "json", system_id="web1", product="windows", service="security")
    (tmp_path / "signs.json").write_text(json.dumps(windows(4624, "pedro", TargetDomainName="PC7")) + "\n")
    assert scanning.Scanner(log, watching.rules()).scan().lines == 1
    assert not Detection.objects.filter(level__in=("critical", "high")).exists()
