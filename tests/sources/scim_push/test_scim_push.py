"""What an identity provider pushes by SCIM: taken as RFC 7644 asks, kept with an entry each, and collected as evidence."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from tests.labs import require_module

from upheld import clock
from upheld.ledger import sequencer
from upheld.sources import configured
from upheld.sources.collecting import collect
from upheld.sources.models import Pushed
from upheld.sources.source import Misconfigured

TOKEN, OTHER = "a" * 40, "b" * 40
USER, GROUP = "urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@pytest.fixture
def idp(workspace, monkeypatch):
    """Two identity providers that may push: what each may do ends with its own source."""
    require_module("scim2_server")
    sequencer.init("test.example/ledger/main/1")
    monkeypatch.setenv("IDP_TOKEN", TOKEN)
    monkeypatch.setenv("OTHER_TOKEN", OTHER)
    configured.add("other", "scim_push", {"system": "other", "token": "env:OTHER_TOKEN"})
    return configured.add("idp", "scim_push", {"system": "idp", "token": "env:IDP_TOKEN", "admin_groups": "Admins"})


@pytest.fixture
def ask(client):
    """Return what sends a request with a token, and returns status, headers and JSON."""

    def asked(method, path, body=None, *, token=TOKEN, **headers):
        sent = client.generic(
            method, f"/scim/v2{path}", json.dumps(body) if body is not None else "", content_type="application/scim+json",
            headers={"Authorization": f"Bearer {token}"} | {name.replace("_", "-"): value for name, value in headers.items()},
        )  # fmt: skip
        return sent.status_code, sent.headers, json.loads(sent.content or b"{}")

    return asked


def entries():
    """Return how many entries the ledger took or was handed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(n) FROM ledger_emitter")
        return cursor.fetchone()[0]


def user(name, **more):
    return {"schemas": [USER, ENTERPRISE], "userName": name, "active": True, **more}


def test_what_is_pushed_is_collected_as_accounts_groups_grants_and_people(idp, ask):
    _, _, ada = ask("POST", "/Users", user("Ada", **{ENTERPRISE: {"employeeNumber": "1001"}}))
    _, _, bob = ask("POST", "/Users", user("bob", password="never-to-be-kept-1"))
    _, _, admins = ask("POST", "/Groups", {"schemas": [GROUP], "displayName": "Admins", "members": [{"value": ada["id"]}]})
    found = collect(idp)
    assert (found.coverage, {each.table: each.rows for each in found.tables.all()}) == (
        "complete", {"accounts": 2, "groups": 1, "grants": 1, "grantors": 1},
    )  # fmt: skip
    people = configured.add("staff", "scim_push_people", {"pushed_to": "idp"})
    assert {each.table: each.rows for each in collect(people).tables.all()} == {"people": 1}
    assert "never-to-be-kept" not in json.dumps(list(Pushed.objects.values_list("document", flat=True)))
    assert "password" not in ask("GET", f"/Users/{bob['id']}")[2]
    assert ask("PATCH", f"/Groups/{admins['id']}", {"schemas": [PATCH], "Operations": [
        {"op": "remove", "path": f'members[value eq "{ada["id"]}"]'}]})[0] in (200, 204)  # fmt: skip
    assert {each.table: each.rows for each in collect(idp).tables.all()}["grants"] == 0


def test_filters_pages_versions_and_names_that_are_taken(idp, ask):
    ids = [ask("POST", "/Users", user(f"u{number}", externalId=f"x{number}"))[2]["id"] for number in range(5)]
    assert ask("POST", "/Users", user("U3"))[0] == 409
    for wanted in ('userName eq "U3"', 'externalId eq "x3"', 'userName sw "u3"', f'id eq "{ids[3]}"'):
        status, _, found = ask("GET", f"/Users?filter={wanted.replace(' ', '%20')}")
        assert (status, [each["userName"] for each in found["Resources"]]) == (200, ["u3"]), wanted
    _, _, page = ask("GET", "/Users?startIndex=4&count=3")
    assert (page["totalResults"], [each["userName"] for each in page["Resources"]]) == (5, ["u3", "u4"])
    _, headers, _ = ask("GET", f"/Users/{ids[0]}")
    change = {"schemas": [PATCH], "Operations": [{"op": "replace", "path": "active", "value": False}]}
    assert ask("PATCH", f"/Users/{ids[0]}", change, If_Match=headers["ETag"])[0] in (200, 204)
    assert ask("PATCH", f"/Users/{ids[0]}", change, If_Match=headers["ETag"])[0] == 412
    assert ask("GET", f"/Users/{ids[0]}")[2]["active"] is False
    assert ask("GET", "/Users?filter=nonsense%20is%20nonsense")[0] == 400
    assert ask("DELETE", f"/Users/{ids[0]}")[0] == 204
    assert ask("GET", f"/Users/{ids[0]}")[0] == 404


def test_each_write_is_an_entry_and_a_token_ends_with_its_source(idp, ask):
    before = entries()
    _, _, ada = ask("POST", "/Users", user("ada"))
    ask("PUT", f"/Users/{ada['id']}", user("ada", active=False))
    ask("PUT", f"/Users/{ada['id']}", user("ada", active=False))  # the same again is no change
    assert ask("DELETE", f"/Users/{ada['id']}", token=OTHER)[0] == 404
    assert entries() - before == 2
    assert ask("GET", "/Users", token=OTHER)[2]["totalResults"] == 0
    for token in ("", "c" * 40, TOKEN[:-1]):
        assert ask("GET", "/Users", token=token)[0] == 401
    assert ask("GET", "/ServiceProviderConfig", token="")[0] == 200
    configured.remove("idp")
    assert ask("GET", "/Users")[0] == 401


def test_a_silence_is_not_taken_for_all(idp, ask):
    assert "no identity provider has spoken to idp yet" in collect(idp).error
    ask("POST", "/Users", user("ada"))
    with clock.at(clock.now() + timedelta(hours=25)):
        found = collect(idp)
    assert found.coverage == "partial"
    assert "was heard of last" in found.tables.get(table="accounts").cut_short[0]


def test_a_token_that_could_be_guessed_is_refused(idp, monkeypatch):
    monkeypatch.setenv("SHORT", "hunter2")
    with pytest.raises(Misconfigured, match="draw one"):
        configured.add("weak", "scim_push", {"system": "x", "token": "env:SHORT"})


def test_an_identity_providers_own_tester_finds_nothing_wrong(idp):
    require_module("scim2_tester")
    from scim2_client.engines.wsgi import WSGISCIMClient
    from scim2_tester import Status, check_server

    from upheld.wsgi import application

    client = WSGISCIMClient(application, base_url="http://127.0.0.1/scim/v2", headers={"Authorization": f"Bearer {TOKEN}"})
    # All of it passes too, and takes half a minute: users have many attributes, each of which is patched and read.
    results = check_server(client, resource_types=["Group"])
    told = {result.status for result in results}
    wrong = [(result.title, result.reason) for result in results if result.status in (Status.ERROR, Status.CRITICAL, Status.DEVIATION)]
    assert (wrong, Status.SUCCESS in told or Status.COMPLIANT in told, len(results) > 20) == ([], True, True)
