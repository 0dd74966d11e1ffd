"""Who is served what: nobody beyond this machine without https, a proxy and an administrator."""

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from tests.world import account, browser, world

from upheld.accounts.role import Role
from upheld.cli.looks import LOOKS
from upheld.cli.sample_accounts import make_sample_accounts
from upheld.cli.serve import greeting, refusal
from upheld.ledger import sequencer
from upheld.sources import configured
from upheld.sources.collecting import collect

BEYOND = {"ADDRESS": "https://upheld.example.org", "PROXIES": ["10.0.0.0/8"]}


@pytest.fixture
def ledger(workspace, noon):
    sequencer.init("test.example/ledger/main/1")
    return workspace


def test_this_machine_is_served_and_others_only_by_https_and_a_proxy_and_with_an_administrator(ledger):
    assert [refusal(host) for host in ("127.0.0.1", "::1", "localhost")] == ["", "", ""]
    for host in ("0.0.0.0", "::", "192.0.2.1", "upheld.example.org"):
        assert "not a loopback address" in refusal(host), host
    with override_settings(**BEYOND):
        assert "nobody could let others in" in refusal("0.0.0.0")
        account("sam", Role.ADMINISTRATOR)
        assert refusal("0.0.0.0") == ""
        with override_settings(PROXIES=[]):
            assert "UPHELD_PROXIES" in refusal("127.0.0.1")


def test_without_an_account_this_machine_reads_everything_and_is_told_so(ledger):
    page = Client().get("/")
    assert page.status_code == 200 and b"Nobody has an account here yet" in page.content
    assert Client().get("/account/").status_code == 302
    assert "Nobody has an account" in " ".join(greeting("127.0.0.1", 8000))
    world()
    assert Client().get("/").headers["Location"] == "/sign-in/?next=%2F"
    assert len(greeting("127.0.0.1", 8000)) == 1


@pytest.mark.parametrize(
    "meta",
    [
        {"REMOTE_ADDR": "192.0.2.1"},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": "192.0.2.1"},
        {"HTTP_FORWARDED": "for=192.0.2.1"},
        {"HTTP_VIA": "1.1 proxy"},
    ],
    ids=str,
)
def test_whoever_comes_from_elsewhere_or_through_a_proxy_reads_nothing(ledger, meta):
    assert Client(**meta).get("/").status_code == 302


def test_with_an_address_set_nobody_reads_without_signing_in(ledger):
    with override_settings(ADDRESS="https://upheld.example.org"):
        assert Client().get("/").status_code == 302


def test_what_is_said_of_the_client_counts_from_trusted_proxies_only(ledger):
    with override_settings(**BEYOND):
        seen = Client(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="127.0.0.1, 192.0.2.7, 10.0.0.2", HTTP_X_FORWARDED_PROTO="https")
        asked = seen.get("/sign-in/").wsgi_request.META
        assert (asked["REMOTE_ADDR"], asked["HTTP_X_FORWARDED_PROTO"]) == ("192.0.2.7", "https")
        forged = Client(REMOTE_ADDR="192.0.2.9", HTTP_X_FORWARDED_FOR="127.0.0.1", HTTP_X_FORWARDED_PROTO="https")
        asked = forged.get("/sign-in/").wsgi_request.META
        assert (asked["REMOTE_ADDR"], "HTTP_X_FORWARDED_PROTO" in asked) == ("192.0.2.9", False)


def test_the_sample_company_is_entered_without_a_password_on_this_machine_until_somebody_real_is_there(ledger):
    collect(configured.add("sample", "sample", {}))
    make_sample_accounts()
    page = Client().get("/sign-in/").content.decode()
    assert page.count('name="account"') == 9 and "An auditor from outside" in page
    lead = Client()
    assert lead.post("/sign-in/sample/", {"account": account_of(page, "security lead")}).headers["Location"] == "/"
    assert lead.get("/").status_code == 200
    assert Client(REMOTE_ADDR="192.0.2.1").post("/sign-in/sample/", {"account": account_of(page, "security lead")}).status_code == 404
    account("real")
    assert lead.get("/").headers["Location"].endswith("why=sample-company-closed")
    assert Client().post("/sign-in/sample/", {"account": account_of(page, "security lead")}).status_code == 404
    assert b'name="account"' not in Client().get("/sign-in/").content


def account_of(page: str, words: str) -> str:
    before = page[: page.index(f", {words}</button>")]
    return before.rpartition('name="account" value="')[2].partition('"')[0]


def test_being_signed_in_costs_a_page_three_queries(ledger):
    dana = browser(world().dana)
    with CaptureQueriesContext(connection) as asked:
        dana.get("/nothing-here")
    around = [each["sql"] for each in asked.captured_queries if "accounts_" in each["sql"] or "session" in each["sql"]]
    assert len(around) == 3


def test_the_doctor_names_what_is_wrong_with_signing_in(ledger, monkeypatch):
    monkeypatch.delenv("NO_SUCH_SECRET", raising=False)
    file = ledger.root / "sign-in.toml"
    assert [(each.well, each.said) for each in LOOKS["signing in"](ledger)] == [(True, "as shipped")]
    file.write_text('idle_lock = "1 hour"\n')
    assert [(each.well, each.said) for each in LOOKS["signing in"](ledger)] == [(True, f"set in {file}")]
    file.write_text(
        '[[provider]]\nid = "x"\nkind = "openid_connect"\naddress = "https://a.example"\nclient_secret = "env:NO_SUCH_SECRET"\n'
    )
    assert [(each.well, each.said) for each in LOOKS["signing in"](ledger)] == [(False, "environment variable NO_SUCH_SECRET is not set")]
    file.write_text("nonsense = 1\n")
    assert [each.well for each in LOOKS["signing in"](ledger)] == [False]
