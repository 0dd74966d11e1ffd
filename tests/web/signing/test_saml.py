"""Single sign-on by SAML, with a real provider: who is let in, and answers that are forged, replayed, or that nobody asked for."""

import base64
import html
import re
from collections.abc import Iterator

import pytest
import requests
from django.test import Client
from playwright.sync_api import expect
from tests.accounts.entries import entries
from tests.chromium import chromium, served
from tests.labs import start
from tests.world import account

from upheld.accounts.models import Account, SignInAttempt
from upheld.accounts.policy import PolicyError
from upheld.accounts.policy import policy as read_policy
from upheld.accounts.role import Role
from upheld.lab.saml import SamlProvider
from upheld.ledger import sequencer
from upheld.workspace import Workspace

pytestmark = pytest.mark.lab
HERE = "/sign-in/saml/company/"
POLICY = """
[[provider]]
id = "company"
name = "Company"
kind = "saml"
address = "{address}"
entity_id = "{entity_id}"
certificate = "idp.pem"
second_factor = true
"""
Answer = dict[str, str]


@pytest.fixture(scope="module")
def provider() -> Iterator[SamlProvider]:
    with start(SamlProvider) as running:
        running.put("ada", "pw", mail="ada@example.org", givenName="Ada")
        running.put("new", "pw", mail="new@example.org", givenName="New")
        yield running


@pytest.fixture
def ledger(workspace: Workspace, provider: SamlProvider, settings) -> Workspace:
    sequencer.init("test.example/ledger/main/1")
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    (workspace.root / "idp.pem").write_text(provider.certificate)
    (workspace.root / "sign-in.toml").write_text(POLICY.format(address=provider.address, entity_id=provider.entity_id))
    provider.trust(Client().get(f"{HERE}metadata/").content.decode())
    return workspace


def answer(client: Client, user: str) -> Answer:
    """Go to the provider as a browser is sent, sign in there, and return what it has the browser post back."""
    sent = client.post(HERE).headers["Location"]
    told = requests.post(sent, data={"user": user, "password": "pw"}, timeout=10)
    assert told.status_code == 200, told.text
    return {name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', told.text)}


def back(client: Client, posted: Answer) -> object:
    """Bring `posted` back as a browser does."""
    return client.get(client.post(f"{HERE}back/", posted).headers["Location"])


def lets_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def changed(posted: Answer, before: str, after: str) -> Answer:
    text = base64.b64decode(posted["SAMLResponse"]).decode()
    assert before in text
    return posted | {"SAMLResponse": base64.b64encode(text.replace(before, after).encode()).decode()}


def test_whoever_has_an_account_is_let_in_as_the_provider_says(ledger):
    ada, client = account("ada", Role.SECURITY_LEAD), Client()
    came = back(client, answer(client, "ada"))
    assert (came.status_code, came.headers["Location"]) == (302, "/") and lets_in(client)
    assert list(SignInAttempt.objects.values_list("account", "succeeded", "method")) == [(ada.pk, True, "sso company")]
    assert len(entries("single-sign-on.connected")) == 1


def test_somebody_without_an_account_gets_none(ledger):
    account("ada", Role.SECURITY_LEAD)
    client = Client()
    assert back(client, answer(client, "new")).headers["Location"] == "/sign-in/?why=no-account"
    assert Account.objects.count() == 1 and not lets_in(client)


def test_an_answer_counts_once_and_in_the_browser_that_asked(ledger):
    account("ada", Role.SECURITY_LEAD)
    client, other = Client(), Client()
    posted = answer(client, "ada")
    back(other, posted)
    assert not lets_in(other)
    back(client, posted)
    assert lets_in(client)
    client.post("/sign-out/")
    back(client, posted)
    assert not lets_in(client)


@pytest.mark.parametrize(
    "forge",
    [
        pytest.param(lambda posted: changed(posted, "new@example.org", "ada@example.org"), id="another's address"),
        pytest.param(lambda posted: changed(posted, "lab-new", "lab-ada"), id="another's name"),
        pytest.param(lambda posted: changed(posted, "SignatureValue>", "SignatureValue>AAAA"), id="signature"),
        pytest.param(lambda posted: posted | {"SAMLResponse": "AAAA"}, id="no answer"),
        pytest.param(lambda posted: posted | {"SAMLResponse": "%%%"}, id="no base64"),
        pytest.param(lambda posted: {}, id="nothing"),
    ],
)
def test_what_was_changed_on_the_way_lets_nobody_in(ledger, forge):
    account("ada", Role.SECURITY_LEAD)
    client = Client(raise_request_exception=False)
    came = back(client, forge(answer(client, "new")))
    assert came.status_code < 500 and not lets_in(client)
    assert not SignInAttempt.objects.filter(succeeded=True).exists()


def test_unsigned_answers_let_nobody_in(ledger):
    account("ada", Role.SECURITY_LEAD)
    client = Client()
    posted = answer(client, "ada")
    text = base64.b64decode(posted["SAMLResponse"]).decode()
    bare = re.sub(r"<(\w+:)?Signature[ >].*?</(\w+:)?Signature>", "", text, flags=re.DOTALL)
    assert bare != text
    back(client, posted | {"SAMLResponse": base64.b64encode(bare.encode()).decode()})
    assert not lets_in(client)


def test_a_provider_signs_nobody_out_and_others_are_not_there(ledger):
    assert Client().get(f"{HERE}out/").status_code == 404
    assert Client().get("/sign-in/saml/other/").status_code == 404


@pytest.mark.parametrize(("line", "why"), [("certificate = ", "lacks certificate"), ("entity_id = ", "lacks entity_id")])
def test_a_provider_that_is_not_wholly_described_is_refused(ledger, line, why):
    file = ledger.root / "sign-in.toml"
    file.write_text("\n".join(each for each in file.read_text().splitlines() if not each.startswith(line)))
    with pytest.raises(PolicyError, match=why):
        read_policy()
    (ledger.root / "idp.pem").write_text("no certificate")


def test_in_a_real_browser_the_way_there_and_back_is_allowed(ledger, provider):
    account("ada", Role.AUDITOR)
    with served() as address, chromium() as window:
        provider.trust(requests.get(f"{address}{HERE}metadata/", timeout=5).text)
        page = window.new_page()
        page.goto(f"{address}/ledger/")
        page.get_by_role("button", name="Sign in with Company").click()
        page.get_by_label("User").fill("ada")
        page.get_by_label("Password").fill("pw")
        page.get_by_role("button", name="Let me in").click()
        expect(page.get_by_role("heading", name="Ledger")).to_be_visible()
        assert page.url == f"{address}/ledger/"
