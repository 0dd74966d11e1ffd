"""Passwords: what is taken and what is not, and failed attempts that lock."""

import hashlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.exceptions import ValidationError
from tests.accounts.entries import entries, everything
from tests.world import account

from upheld import clock
from upheld.accounts import attempts, passwords
from upheld.accounts.models import FormerPassword, Guesses, SignInAttempt
from upheld.accounts.policy import PolicyError, password_rules, policy
from upheld.ledger.entry import SYSTEM

GOOD = "cousin ferry plinth ozone"


def wrong(password: str, user=None) -> str:
    try:
        passwords.Rules().validate(password, user)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def test_length_and_guessability_decide_not_signs(ledger):
    assert wrong(GOOD) == ""
    assert "at least 12 characters" in wrong("xK9#mQ2$vL")
    for guessable in ("password1234", "P@ssw0rd123!", "qwertyuiop123", "aaaaaaaaaaaaaaaa", "upheldupheld"):
        assert "easy to guess" in wrong(guessable), guessable
    assert "too long" in wrong("a b " * 300)


def test_ones_own_name_does_not_make_a_password_harder_to_guess(ledger):
    ada = account("adalovelace")
    assert "easy to guess" in wrong("adalovelace1", ada)
    assert "easy to guess" in wrong("adalovelace@example.org", ada)


def test_the_number_in_the_policy_is_the_one_that_is_enforced(ledger):
    ledger.parameters.write_text("[access]\npassword_length = 30\n")
    assert password_rules().minimum_length == 30
    assert "at least 30 characters" in wrong(GOOD)
    assert "30" in passwords.Rules().get_help_text()


def test_former_passwords_are_refused_as_many_as_the_rule_says(ledger):
    ledger.parameters.write_text("[access]\npassword_history = 1\n")
    ada = account("ada")
    for password in (GOOD, "walnut kettle orbit sleeve", "marble tundra pigeon crank"):
        assert wrong(password, ada) == ""
        passwords.change(ada, password, by=SYSTEM)
    assert "had it before" in wrong("marble tundra pigeon crank", ada)
    assert "had it before" in wrong("walnut kettle orbit sleeve", ada)
    assert wrong(GOOD, ada) == ""
    assert FormerPassword.objects.filter(account=ada).count() == 1
    assert ada.password.startswith("argon2$argon2id$") and ada.password_changed_at == clock.now()
    assert len(entries("account.password-changed")) == 3 and "walnut" not in everything()


def test_passwords_are_stored_with_as_much_work_as_owasp_asks():
    """In a process of its own: here hashes are cheap. 19 MiB and two rounds are the least (OWASP, Password Storage Cheat Sheet)."""
    said = "from django.contrib.auth.hashers import Argon2PasswordHasher as a; print(a.memory_cost, a.time_cost)"
    memory, rounds = map(int, subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True).stdout.split())
    assert memory >= 19 * 1024 and rounds >= 2


@pytest.fixture
def stolen() -> Iterator[tuple[str, list[str]]]:
    """A list of stolen passwords that answers by the first five characters of a digest, as the public one does, and what it was asked."""
    digest, asked = hashlib.sha1(GOOD.encode()).hexdigest().upper(), []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = f"{digest[5:]}:17\r\n{'0' * 35}:0\r\n".encode() if self.path == f"/range/{digest[:5]}" else b""
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/range/", asked
        server.shutdown()


def test_a_stolen_password_is_refused_where_the_company_lets_us_ask_and_five_characters_leave(ledger, stolen):
    address, asked = stolen
    assert wrong(GOOD) == "" and asked == []
    (ledger.root / "sign-in.toml").write_text(f'breach_range = "{address}"\n')
    assert "stolen" in wrong(GOOD)
    assert wrong("walnut kettle orbit sleeve") == ""
    assert all(len(path.removeprefix("/range/")) == 5 for path in asked) and len(asked) == 2


def test_a_stolen_password_is_refused_by_a_list_of_our_own_and_nothing_leaves(ledger, stolen):
    digest = hashlib.sha1(GOOD.encode(), usedforsecurity=False).hexdigest().upper()
    (ledger.root / "stolen").mkdir()
    (ledger.root / "sign-in.toml").write_text('breach_range = "stolen"\n')
    assert wrong(GOOD) == "", "the folder has no such file"
    for name, text, refused in (
        (f"{digest[:5]}.txt", f"\ufeff{digest[5:]}:3\r\n{'0' * 35}:1\r\n", True),
        (f"{digest[:5]}.txt", f"{digest[5:]}:0\n", False),  # padding, as the service sends it
        (f"{digest[:5]}.txt", f"{'0' * 35}:9\n", False),
    ):
        (ledger.root / "stolen" / name).write_text(text, encoding="utf-8")
        assert ("stolen" in wrong(GOOD)) is refused, text
    assert stolen[1] == []


def test_a_list_that_does_not_answer_keeps_nobody_out(ledger):
    (ledger.root / "sign-in.toml").write_text('breach_range = "http://127.0.0.1:9/range/"\n')
    assert wrong(GOOD) == ""


def test_too_many_failures_lock_a_name_for_a_while_known_or_not(ledger, noon):
    ledger.parameters.write_text('[access]\nlock_after = 3\nlock_time = "20 minutes"\n')
    ada = account("ada")
    for name, known in ((ada.mail, ada), ("nobody@example.org", None)):
        assert [attempts.failed(name, method="password", account=known) for _ in range(3)] == [False, False, True]
        assert attempts.locked_until(name.upper()) == noon + timedelta(minutes=20)
    with clock.at(noon + timedelta(minutes=20)):
        assert attempts.locked_until(ada.mail) is None
        assert attempts.failed(ada.mail, method="password", account=ada) is False
    assert len(entries("sign-in.locked")) == 2 and len(entries("sign-in.failed")) == 7
    assert "nobody@" not in everything() and "nobody@" not in str(list(Guesses.objects.values()))


def test_whoever_gets_in_begins_anew(ledger):
    ada = account("ada")
    attempts.failed(ada.mail, method="password", account=ada)
    attempts.succeeded(ada, method="password", used_mfa=True)
    assert Guesses.objects.count() == 0
    assert list(SignInAttempt.objects.values_list("succeeded", "used_mfa")) == [(False, False), (True, True)]


def test_an_administrator_unlocks(ledger):
    ledger.parameters.write_text("[access]\nlock_after = 1\n")
    ada = account("ada")
    attempts.failed(ada.mail, method="password", account=ada)
    assert attempts.locked_among([ada]) == {ada.pk}
    assert attempts.unlock(ada, by=SYSTEM) is True and attempts.unlock(ada, by=SYSTEM) is False
    assert attempts.locked_among([ada]) == set() and len(entries("sign-in.unlocked")) == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("idle_lock = ", "no TOML"),
        ('idle_luck = "1 hour"', "'idle_luck' means nothing"),
        ('idle_lock = "soon"', "idle_lock"),
        ('session_age = "90 days"', "between 1 minute and"),
        ('second_factor = "nobody"', "changers"),
        ('breach_range = "http://example.org/"', "must be an https address"),
        ('breach_range = "nowhere"', "is neither"),
        ('[[provider]]\nid = "x"\nkind = "openid_connect"', "lacks address"),
        ('[[provider]]\nid = "x"\nkind = "ldap"\naddress = "https://a"', "kind is"),
        ('[[provider]]\nid = "x y"\nkind = "openid_connect"\naddress = "https://a"', "an id is"),
    ],
)
def test_a_wrong_policy_says_what_and_where(ledger, text, why):
    (ledger.root / "sign-in.toml").write_text(text)
    with pytest.raises(PolicyError, match=why):
        policy()
