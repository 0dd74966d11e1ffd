"""Signing in, as a browser would: password, code, link, idle, locks, and what the ledger says of it."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from tests.accounts.entries import entries, everything
from tests.world import account, browser, world

from upheld import clock
from upheld.accounts import links, passwords
from upheld.accounts.models import Account, SignInAttempt
from upheld.accounts.role import Role
from upheld.ledger.entry import SYSTEM

PASSWORD = "cousin ferry plinth ozone"


@pytest.fixture(scope="module")
def hashed() -> str:
    """One hash for all tests: Argon2 is slow on purpose."""
    made = Account()
    made.set_password(PASSWORD)
    return made.password


@pytest.fixture
def ada(ledger, hashed) -> Account:
    """Ada, who may change things and has a password."""
    made = account("ada", Role.SECURITY_LEAD)
    Account.objects.filter(pk=made.pk).update(password=hashed)
    return Account.objects.get(pk=made.pk)


@pytest.fixture
def auditor(ledger, hashed) -> Account:
    """An auditor, who reads and needs no second factor."""
    made = account("otto", Role.AUDITOR)
    Account.objects.filter(pk=made.pk).update(password=hashed)
    return Account.objects.get(pk=made.pk)


def sign_in(client: Client, who: Account | str, password: str = PASSWORD, **more: str):
    name = who.mail if isinstance(who, Account) else who
    return client.post("/sign-in/", {"login": name, "password": password, **more})


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_a_password_lets_a_reader_in_where_they_wanted_to_go(auditor):
    client = Client()
    sent = client.get("/ledger/?before=5")
    assert sent.headers["Location"] == "/sign-in/?next=%2Fledger%2F%3Fbefore%3D5"
    assert b'name="next" value="/ledger/?before=5"' in client.get(sent.headers["Location"]).content
    answer = sign_in(client, auditor, next="/ledger/?before=5")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/ledger/?before=5")
    assert client.get("/ledger/").status_code == 200
    (entry,) = entries("sign-in.succeeded")
    assert entry.body == {"method": "password", "second_factor": False, "known": True} and entry.actor.tag


def test_nobody_is_sent_elsewhere_after_signing_in(auditor):
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert sign_in(Client(), auditor, next=elsewhere).headers["Location"] == "/"


def test_a_wrong_password_and_an_unknown_name_read_the_same(auditor):
    wrong, unknown = sign_in(Client(), auditor, "nope"), sign_in(Client(), "nobody@example.org", "nope")
    without = re.compile(rb'value="[^"]*"')
    assert without.sub(b"", wrong.content) == without.sub(b"", unknown.content)
    assert wrong.status_code == 200 and b"not correct" in wrong.content
    assert [each.body["known"] for each in entries("sign-in.failed")] == [True, False]
    assert list(SignInAttempt.objects.values_list("account", flat=True)) == [auditor.pk, None]
    assert "nope" not in everything() and "nobody" not in everything()


def test_too_many_wrong_passwords_lock_and_the_right_one_no_longer_helps(ledger, auditor):
    ledger.parameters.write_text("[access]\nlock_after = 2\n")
    client = Client()
    for _ in range(2):
        sign_in(client, auditor, "nope")
    locked = sign_in(client, auditor)
    assert b"Too many attempts failed" in locked.content and client.get("/ledger/").status_code == 302
    with clock.at(clock.now() + timedelta(minutes=10)):
        assert sign_in(client, auditor).status_code == 302
    assert len(entries("sign-in.locked")) == 1


def test_whoever_can_change_something_sets_up_a_second_factor_first(ada):
    client = Client()
    sign_in(client, ada)
    assert client.get("/").headers["Location"] == "/account/second-factor/"
    assert client.get("/account/").status_code == 200
    page = client.get("/account/second-factor/app/").content.decode()
    (secret,) = re.findall(r'id="authenticator_secret" type="text" value="(\w+)"', page)
    assert client.post("/account/second-factor/app/", {"code": "000000"}).status_code == 200
    assert client.get("/").status_code == 302
    assert client.post("/account/second-factor/app/", {"code": code_of(secret)}).headers["Location"] == "/account/second-factor/codes/"
    assert client.get("/").status_code == 200
    assert [each.body["what"] for each in entries("factor.added")] == ["app"]
    assert secret not in everything()


def test_the_second_factor_is_asked_for_and_the_ledger_says_so(ada):
    secret = generate_totp_secret()
    TOTP.activate(ada, secret)
    client = Client()
    assert sign_in(client, ada).headers["Location"] == "/sign-in/code/"
    assert client.get("/").status_code == 302 and SignInAttempt.objects.filter(succeeded=True).count() == 0
    assert b"Incorrect code" in client.post("/sign-in/code/", {"code": "000000"}).content
    assert client.post("/sign-in/code/", {"code": code_of(secret)}).headers["Location"] == "/"
    assert client.get("/").status_code == 200
    assert [each.body["method"] for each in entries("sign-in.failed")] == ["code"]
    assert [each.body["second_factor"] for each in entries("sign-in.succeeded")] == [True]


def test_a_recovery_code_lets_in_once_and_not_twice(ada):
    TOTP.activate(ada, generate_totp_secret())
    first, *others = RecoveryCodes.activate(ada).get_unused_codes()
    for tried, lets_in in ((first, True), (first, False), (others[0], True)):
        client = Client()
        assert sign_in(client, ada).headers["Location"] == "/sign-in/code/"
        assert client.post("/sign-in/code/", {"code": tried}).status_code == (302 if lets_in else 200)
        assert client.get("/").status_code == (200 if lets_in else 302)
    assert first not in everything()


def test_the_secret_of_an_app_is_sealed_in_the_database(ada):
    secret = generate_totp_secret()
    kept = TOTP.activate(ada, secret).instance
    assert secret not in str(kept.data) and kept.wrap().validate_code(code_of(secret))


def test_the_last_factor_cannot_be_removed_by_whoever_needs_one(ada):
    TOTP.activate(ada, generate_totp_secret())
    client = browser(ada)
    assert client.post("/account/second-factor/app/remove/").status_code in (200, 403)
    assert ada.authenticator_set.count() == 1


def test_a_link_lets_in_once_and_loading_it_does_not_use_it_up(ledger):
    dana = account("dana", Role.ADMINISTRATOR)
    address = f"/sign-in/link/{links.make(dana, by=SYSTEM)}/"
    client = Client()
    for _ in range(3):
        assert b"lets you in once" in client.get(address).content
    assert client.post(address).status_code == 302
    assert client.get("/").headers["Location"] == "/account/second-factor/"
    again = Client().post(address)
    assert again.status_code == 410 and b"no longer works" in again.content
    assert [each.body["method"] for each in entries("sign-in.succeeded")] == ["link"]


def test_the_secret_of_a_link_is_in_no_log(ledger, caplog, monkeypatch):
    secret = links.make(account("dana", Role.ADMINISTRATOR), by=SYSTEM)
    address = f"/sign-in/link/{secret}/"
    assert Client(enforce_csrf_checks=True).post(address).status_code == 403
    assert Client().get(f"{address}nothing").status_code == 404
    monkeypatch.setattr("upheld.accounts.links.look", lambda _secret: 1 / 0)
    assert Client(raise_request_exception=False).get(address).status_code == 500
    assert caplog.text.count("/sign-in/link/.../") >= 3 and secret not in caplog.text


def test_a_link_does_not_get_past_a_second_factor(ada):
    TOTP.activate(ada, generate_totp_secret())
    client = Client()
    assert client.post(f"/sign-in/link/{links.make(ada, by=SYSTEM)}/").headers["Location"] == "/sign-in/code/"
    assert client.get("/").status_code == 302


def test_idle_sessions_end_and_say_so(ledger, noon):
    bob = browser(world().bob)
    with clock.at(noon + timedelta(minutes=29)):
        assert bob.get("/ledger/").status_code == 200
    with clock.at(noon + timedelta(minutes=60)):
        ended = bob.get("/ledger/")
        assert ended.headers["Location"] == "/sign-in/?next=%2Fledger%2F&why=idle"
        assert b"away for a while" in bob.get(ended.headers["Location"]).content
    assert [each.body for each in entries("session.ended")] == [{"why": "idle"}]


def test_no_session_is_older_than_the_rule(ledger, noon):
    (ledger.root / "sign-in.toml").write_text('idle_lock = "8 hours"\nsession_age = "9 hours"\n')
    bob = browser(world().bob)
    for hours in (4, 8):
        with clock.at(noon + timedelta(hours=hours)):
            assert bob.get("/ledger/").status_code == 200
    with clock.at(noon + timedelta(hours=10)):
        assert bob.get("/ledger/").headers["Location"].endswith("why=too-old")


def test_a_wrong_policy_is_told_on_every_page_and_not_as_our_fault(ledger):
    bob = browser(world().bob)
    (ledger.root / "sign-in.toml").write_text('idle_lock = "soon"\n')
    for path in ("/", "/account/", "/sign-in/"):
        page = bob.get(path)
        assert page.status_code == 500 and b"ign-in.toml: idle_lock" in page.content, path


def test_an_account_that_ends_is_out_with_the_next_page(ledger):
    bob = world().bob
    client = browser(bob)
    assert client.get("/ledger/").status_code == 200
    Account.objects.filter(pk=bob.pk).update(is_active=False)
    assert client.get("/ledger/").status_code == 302


def test_signing_out_ends_the_session_and_is_an_entry(auditor):
    client = Client()
    sign_in(client, auditor)
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/ledger/").status_code == 302
    assert [each.body for each in entries("session.ended")] == [{"why": "signed out"}]


def test_sessions_are_listed_and_ended_from_afar(auditor):
    here, there = Client(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"), Client(HTTP_USER_AGENT="curl/8.0")
    sign_in(here, auditor)
    sign_in(there, auditor)
    page = here.get("/account/").content.decode()
    assert "Firefox on Linux" in page and "curl" in page
    (other,) = re.findall(r'name="session" value="(\d+)"', page)
    assert here.post("/account/sessions/end/", {"session": other}).status_code == 302
    assert there.get("/ledger/").status_code == 302 and here.get("/ledger/").status_code == 200


def test_no_network_address_is_kept_anywhere(ledger, auditor):
    world()
    for address in ("198.51.100.77", "2001:db8::1:2:3:4"):
        client = Client(REMOTE_ADDR=address)
        sign_in(client, auditor, "nope")
        assert sign_in(client, auditor).status_code == 302
        assert client.get("/account/").status_code == 200
    assert sorted(UserSession.objects.values_list("ip", flat=True)) == ["198.51.100.0", "2001:db8::"]
    everything()
    connection.close()
    kept = b"".join(each.read_bytes() for each in ledger.root.rglob("*") if each.is_file())
    assert auditor.mail.encode() in kept and b"198.51.100.77" not in kept and b"2001:db8::1:2" not in kept


def test_somebody_elses_session_and_token_cannot_be_ended(auditor):
    alice = world().alice
    theirs, client = Client(), browser(alice)
    sign_in(theirs, auditor)
    session = client.get("/account/")  # makes sure that Alice's own page works
    assert session.status_code == 200
    for number in range(1, 5):
        client.post("/account/sessions/end/", {"session": str(number)})
        assert client.post("/account/tokens/revoke/", {"token": str(number)}).status_code == 404
    assert theirs.get("/ledger/").status_code == 200


def test_a_password_is_changed_under_the_rules_and_other_sessions_learn_of_it(auditor):
    client, other = Client(), Client()
    sign_in(client, auditor)
    sign_in(other, auditor)
    asked = {"oldpassword": PASSWORD, "password1": "password1234", "password2": "password1234"}
    assert b"easy to guess" in client.post("/account/password/", asked).content
    new = "walnut kettle orbit sleeve"
    assert client.post("/account/password/", asked | {"password1": new, "password2": new}).status_code == 302
    assert client.get("/ledger/").status_code == 200 and other.get("/ledger/").status_code == 302
    assert len(entries("account.password-changed")) == 1


def test_a_token_is_made_after_proof_and_shown_once(ledger):
    bob = world().bob
    client = browser(bob)
    made = client.post("/account/", {"name": "ci", "may": "read", "days": "30"}).content.decode()
    (token,) = re.findall(r"upheld_[0-9a-zA-Z]{46}", made)
    assert token not in client.get("/account/").content.decode() and token[:12] in client.get("/account/").content.decode()
    assert b"Choose how long" in client.post("/account/", {"name": "ci", "may": "read", "days": "9999"}).content


def test_dangerous_things_ask_again_who_one_is_after_a_while(auditor, noon):
    client = Client()
    sign_in(client, auditor)
    asked = {"name": "later", "may": "read", "days": "30"}
    with clock.at(noon + timedelta(minutes=6)):
        sent = client.post("/account/", asked)
        assert sent.headers["Location"].startswith("/account/again/")
        assert client.post(sent.headers["Location"], {"password": "nope"}).status_code == 200
        done = client.post(sent.headers["Location"], {"password": PASSWORD})
    assert b"upheld_" in done.content and auditor.tokens.count() == 1


def test_nobody_can_sign_up_and_no_address_for_it_is_there(ledger):
    for path in ("/signup/", "/accounts/signup/", "/sign-in/new/", "/account/email/", "/password/reset/"):
        assert Client().get(path).status_code in (302, 404)
    assert Account.objects.count() == 0


def test_a_form_of_somebody_elses_page_is_refused(auditor):
    strict = Client(enforce_csrf_checks=True)
    answer = sign_in(strict, auditor)
    assert answer.status_code == 403 and b"This was not taken" in answer.content


def test_passwords_module_is_the_only_way_in(ada):
    passwords.change(ada, "walnut kettle orbit sleeve", by=SYSTEM)
    assert sign_in(Client(), ada).status_code == 200
    assert sign_in(Client(), ada, "walnut kettle orbit sleeve").status_code == 302
