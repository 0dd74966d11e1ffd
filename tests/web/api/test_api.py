"""The API: the same declarations, as JSON, with a token."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.world import account, person

from upheld.accounts import tokens
from upheld.accounts.models import Account
from upheld.accounts.role import Role, Verb
from upheld.actions.allowing import thing_of, why_not_at_all
from upheld.actions.declaring import declared
from upheld.registers.governance.models import Jurisdiction
from upheld.registers.recorded import registers

GERMANY = {"code": "de", "title": "Germany", "from_on": "2020-01-01"}


@pytest.fixture
def lea(ledger: object) -> Account:
    return account("lea", Role.SECURITY_LEAD)


class Api:
    """A program that calls with a token."""

    def __init__(self, who: Account, *, only_reads: bool = False) -> None:
        self.secret = token(who, only_reads=only_reads)
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)

    def get(self, path: str) -> tuple[int, Any]:
        answer = self.client.get(path, headers={"Authorization": f"Bearer {self.secret}"})
        return answer.status_code, answer.json()

    def act(self, name: str, said: object, **headers: str) -> tuple[int, Any]:
        answer = self.client.post(
            f"/api/actions/{name}",
            said if isinstance(said, bytes) else json.dumps(said),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.secret}", **headers},
        )
        return answer.status_code, answer.json()


def token(who: Account, *, only_reads: bool) -> str:
    return tokens.make(who, name="test", only_reads=only_reads, lasts=timedelta(days=1), by=person(who).actor)


def test_without_a_token_nothing_is_answered(ledger: object) -> None:
    account("x", Role.ADMINISTRATOR)
    assert Client().get("/api/registers/governance/contact").status_code == 401
    assert Client().post("/api/actions/governance.enter-jurisdiction", "{}", content_type="application/json").status_code in (401, 403)


def test_an_action_is_done_and_read_back(lea: Account) -> None:
    api = Api(lea)
    status, said = api.act("governance.enter-jurisdiction", {"given": GERMANY})
    assert (status, said["done"][0]["record"]) == (200, "governance.jurisdiction/1")
    status, record = api.get("/api/registers/governance/jurisdiction/1")
    assert (status, record["code"], record["version"], record["from_on"]) == (200, "de", 1, "2020-01-01") and "salt" not in record
    assert api.get("/api/registers/governance/jurisdiction")[1]["count"] == 1


def test_errors_are_told_field_by_field(lea: Account) -> None:
    status, said = Api(lea).act("governance.enter-jurisdiction", {"given": {"code": "NO", "nonsense": 1}})
    assert status == 422 and set(said["fields"]) == {"code", "title", "from_on", "nonsense"}
    assert not Jurisdiction.objects.exists()


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"[]",
        b"{",
        b'{"given": []}',
        b'{"number": "x"}',
        b'{"numbers": []}',
        b'{"number": true}',
        b'{"given": {"code": {"a": 1}}}',
        b'{"given": {"from_on": 1.5}}',
        b'{"given": {"from_on": ["2026-01-01"]}}',
        b'{"given": {"from_on": {"a": 1}, "at": 7, "title": [1]}}',
        b'{"seen": -1}',
        b"\xff",
    ],
)
def test_ill_bodies_are_refused_in_words(lea: Account, said: bytes) -> None:
    api = Api(lea)
    for name in ("governance.enter-jurisdiction", "governance.verify-contact", "findings.approve-exception"):
        status, answer = api.act(name, said)
        assert status in (404, 422, 403) and answer["error"], (name, status)


def test_the_same_request_twice_is_done_once(lea: Account) -> None:
    api, key = Api(lea), {"Idempotency-Key": "one"}
    first = api.act("governance.enter-jurisdiction", {"given": GERMANY}, **key)
    assert api.act("governance.enter-jurisdiction", {"given": GERMANY}, **key) == first
    assert api.act("governance.enter-jurisdiction", {"given": GERMANY | {"code": "fr"}}, **key)[0] == 422
    assert Jurisdiction.objects.count() == 1


def test_a_token_that_only_reads_changes_nothing(lea: Account) -> None:
    api = Api(lea, only_reads=True)
    assert api.act("governance.enter-jurisdiction", {"given": GERMANY})[0] == 403
    assert api.get("/api/registers/governance/jurisdiction")[0] == 200


def test_a_crossing_edit_tells_what_changed(lea: Account) -> None:
    api = Api(lea)
    api.act("governance.enter-jurisdiction", {"given": GERMANY})
    assert api.act("governance.leave-jurisdiction", {"number": 1, "seen": 1, "given": {"until_on": "2026-01-01"}})[0] == 200
    status, said = api.act("governance.leave-jurisdiction", {"number": 1, "seen": 1, "given": {"until_on": "2027-01-01"}})
    assert (status, said["changes"]) == (409, [{"field": "until_on", "before": None, "after": "2026-01-01"}])


def test_the_description_names_what_one_may_do(lea: Account) -> None:
    lead, clerk = Api(lea).get("/api/openapi.json")[1], Api(account("eve", Role.EMPLOYEE)).get("/api/openapi.json")[1]
    assert "/api/actions/governance.enter-jurisdiction" in lead["paths"]
    assert "/api/actions/governance.enter-jurisdiction" not in clerk["paths"]
    told = lead["paths"]["/api/actions/governance.enter-jurisdiction"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert told["properties"]["given"]["required"] == ["code", "title", "from_on"]
    may = [name for name, each in declared().items() if why_not_at_all(each, person(lea)) is None]
    seen = [model for model in registers() if person(lea).may(Verb.SEE, thing_of(model))]
    assert len(lead["paths"]) == 1 + 2 * len(seen) + len(may)
    assert len(may) > 0.8 * len(declared())


def test_a_file_too_large_is_refused_early(lea: Account) -> None:
    api = Api(lea)
    headers = {"Authorization": f"Bearer {api.secret}"}
    small = api.client.post("/api/files", b"letter", content_type="application/octet-stream", headers=headers)
    assert small.status_code == 201 and small.json()["size"] == 6
    large = api.client.post("/api/files", b"x", content_type="application/octet-stream", headers=headers | {"Content-Length": "100000000"})
    assert large.status_code == 413
