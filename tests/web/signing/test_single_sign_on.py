"""Single sign-on with a real provider of OpenID Connect: who is let in, as whom, and what the ledger says."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.test import Client
from playwright.sync_api import expect
from tests.accounts.entries import entries, everything
from tests.chromium import chromium, served
from tests.labs import start
from tests.world import account

from upheld.accounts.models import Account, SignInAttempt
from upheld.accounts.role import Role
from upheld.lab.oidc import SECRET, OpenIdProvider
from upheld.ledger import sequencer
from upheld.workspace import Workspace

BACK = "/sign-in/with/company/back/"
POLICY = """
[[provider]]
id = "company"
name = "Company"
kind = "openid_connect"
address = "{address}"
client_id = "upheld"
client_secret = "env:LAB_OIDC_SECRET"
{more}
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[OpenIdProvider]:
    with start(OpenIdProvider) as running:
        running.expect(f"http://testserver{BACK}")
        running.put("ada", "pw", email="ada@example.org", email_verified=True, name="Ada")
        running.put("mallory", "pw", email="ada@example.org", email_verified=False, name="Mallory")
        running.put("new", "pw", email="new@example.org", email_verified=True, name="New")
        yield running


@pytest.fixture
def ledger(workspace: Workspace, provider: OpenIdProvider, monkeypatch: pytest.MonkeyPatch, settings) -> Workspace:
    sequencer.init("test.example/ledger/main/1")
    monkeypatch.setenv("LAB_OIDC_SECRET", SECRET)
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    policy(workspace, provider)
    return workspace


def policy(workspace: Workspace, provider: OpenIdProvider, more: str = "") -> None:
    (workspace.root / "sign-in.toml").write_text(POLICY.format(address=provider.address, more=more))


def sign_in(user: str, password: str = "pw") -> tuple[Client, object]:
    """Go to the provider as a browser is sent, sign in there, and come back; returns the browser and the last answer."""
    client = Client()
    sent = client.post("/sign-in/with/company/").headers["Location"]
    asked = parse_qs(urlsplit(sent).query)
    assert asked["code_challenge_method"] == ["S256"] and asked["state"]
    told = requests.post(sent, data={"user": user, "password": password}, allow_redirects=False, timeout=5)
    assert told.status_code == 302, told.text
    return client, client.get(told.headers["Location"].removeprefix("http://testserver"))


@pytest.mark.lab
def test_whoever_has_an_account_is_let_in_by_the_address_the_provider_vouches_for(ledger):
    ada = account("ada", Role.SECURITY_LEAD)
    client, answer = sign_in("ada")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.get("/").headers["Location"] == "/account/second-factor/"
    assert list(SignInAttempt.objects.values_list("account", "succeeded", "used_mfa", "method")) == [(ada.pk, True, False, "sso company")]
    assert len(entries("single-sign-on.connected")) == 1
    assert "ada" not in re.sub(r"[0-9a-f]{16,}", "", everything()) and SECRET not in everything()


@pytest.mark.lab
def test_a_provider_that_demands_a_second_factor_spares_a_second_one_here(ledger, provider):
    account("ada", Role.SECURITY_LEAD)
    policy(ledger, provider, "second_factor = true")
    client, _ = sign_in("ada")
    assert client.get("/").status_code == 200
    assert [each.body["second_factor"] for each in entries("sign-in.succeeded")] == [True]


@pytest.mark.lab
def test_an_address_that_the_provider_does_not_vouch_for_lets_nobody_in(ledger):
    account("ada", Role.SECURITY_LEAD)
    client, answer = sign_in("mallory")
    assert "no-account" in answer.headers["Location"] or answer.status_code == 200
    assert client.get("/").status_code == 302 and Account.objects.count() == 1
    assert SignInAttempt.objects.filter(succeeded=True).count() == 0


@pytest.mark.lab
def test_somebody_without_an_account_is_told_so_and_gets_none(ledger):
    account("ada", Role.SECURITY_LEAD)
    client, answer = sign_in("new")
    assert answer.headers["Location"] == "/sign-in/?why=no-account"
    assert b"you have no account here" in client.get(answer.headers["Location"]).content
    assert Account.objects.count() == 1 and len(entries("sign-in.failed")) == 1


@pytest.mark.lab
def test_where_the_company_says_so_the_provider_makes_employees_and_nothing_more(ledger, provider):
    account("ada", Role.ADMINISTRATOR)
    policy(ledger, provider, "makes_accounts = true\nsecond_factor = true")
    client, _ = sign_in("new")
    assert client.get("/").status_code == 200 and client.get("/ledger/").status_code == 403
    made = Account.objects.get(mail="new@example.org")
    assert [given.role for given in made.roles_given.all()] == ["employee"] and not made.has_usable_password()
    assert sign_in("new")[0].get("/").status_code == 200 and Account.objects.count() == 2


@pytest.mark.lab
def test_an_answer_that_nobody_asked_for_is_refused(ledger):
    account("ada", Role.SECURITY_LEAD)
    honest = Client()
    sent = honest.post("/sign-in/with/company/").headers["Location"]
    told = requests.post(sent, data={"user": "ada", "password": "pw"}, allow_redirects=False, timeout=5)
    back = told.headers["Location"].removeprefix("http://testserver")
    other = Client()
    assert other.get(back).status_code in (200, 302, 401) and other.get("/").status_code == 302
    assert SignInAttempt.objects.filter(succeeded=True).count() == 0


@pytest.mark.lab
def test_a_provider_that_nobody_configured_is_not_there(ledger):
    for path in ("/sign-in/with/other/", "/sign-in/with/other/back/"):
        assert Client().get(path).status_code == 404


@pytest.mark.lab
def test_in_a_real_browser_the_way_to_the_provider_and_back_is_allowed(ledger, provider):
    account("ada", Role.AUDITOR)
    with served() as address, chromium() as window:
        provider.expect(f"{address}{BACK}")
        page = window.new_page()
        page.goto(f"{address}/ledger/")
        page.get_by_role("button", name="Sign in with Company").click()
        page.get_by_label("User").fill("ada")
        page.get_by_label("Password").fill("pw")
        page.get_by_role("button", name="Let me in").click()
        expect(page.get_by_role("heading", name="Ledger")).to_be_visible()
        assert page.url == f"{address}/ledger/"
    provider.expect(f"http://testserver{BACK}")
