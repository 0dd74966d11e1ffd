"""Orders to a real OpenLDAP: carried out, read back, refused in words, found again after a kill."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from tests.labs import start
from tests.sources.ordering import FIRST, Company, order, settled

from upheld import clock
from upheld.evidence.collection import Collecting
from upheld.lab.slapd import BASE, NO_WRITER_RULES, POLICY, WRITER, WRITER_RULES, Slapd
from upheld.sources import configured, journal
from upheld.sources.enforcing import NOT_THERE, CannotEnforce
from upheld.sources.ldap import LDAP

pytestmark = pytest.mark.lab
PASSWORD = "correct-horse-7-battery"


@pytest.fixture(scope="module")
def slapd() -> Iterator[Slapd]:
    """A directory whose writing account may lock, change members and set passwords, and no more."""
    with start(Slapd, rules=WRITER_RULES) as running:
        for uid in ("ada", "bob", "carl", "dora"):
            running.add_person(uid, number=uid, password=PASSWORD)
        admins = running.add_group("admins", [running.dn("ada"), running.dn("bob")])
        running.add_group("all", [admins, running.dn("bob"), running.dn("carl")])
        running.settings_of_writer = running.let_write()  # type: ignore[attr-defined]
        yield running


@pytest.fixture
def directory(slapd: Slapd, company: Company):
    """The directory as a source, not read yet."""
    return company.add("directory", "ldap", {"system": "directory", **slapd.settings, **slapd.settings_of_writer}, collected=False)  # type: ignore[attr-defined]


def uuid(slapd: Slapd, dn: str) -> str:
    with slapd._admin() as admin:
        admin.search(dn, "(objectClass=*)", "BASE", attributes=["entryUUID"])
        return str(admin.response[0]["raw_attributes"]["entryUUID"][0].decode())


def test_an_account_is_disabled_and_enabled_again(slapd, directory, company):
    ada = uuid(slapd, slapd.dn("ada"))
    assert company.order(directory, order("disable", ada)) == ("carried_out", True, "it is locked for good")
    assert not slapd.sign_in(slapd.dn("ada"), PASSWORD)
    assert company.order(directory, order("disable", ada)) == ("carried_out", False, "it is locked for good")
    assert company.order(directory, order("enable", ada)) == ("carried_out", True, "no lock is set")
    assert slapd.sign_in(slapd.dn("ada"), PASSWORD)


def test_a_lock_that_the_policy_in_force_does_not_heed_is_not_called_one(slapd, directory, company):
    dora = uuid(slapd, slapd.dn("dora"))
    slapd.put(POLICY, {"pwdLockout": ["FALSE"]})
    try:
        came = company.order(directory, order("disable", dora))
        lets_in = slapd.sign_in(slapd.dn("dora"), PASSWORD)
    finally:
        slapd.put(POLICY, {"pwdLockout": ["TRUE"]})
        slapd.put(slapd.dn("dora"), {"pwdAccountLockedTime": []})
    assert (came.outcome, lets_in) == ("refused", True)
    assert f"{POLICY} has not pwdLockout TRUE, so that the server lets it in" in came.said


def test_a_membership_is_given_and_taken_and_a_way_that_is_left_is_named(slapd, directory, company):
    bob, admins, all_ = uuid(slapd, slapd.dn("bob")), *(uuid(slapd, f"cn={name},ou=groups,{BASE}") for name in ("admins", "all"))
    came = company.order(directory, order("revoke", bob, "all", all_))
    assert came == ("carried_out", True, "it is not a direct member of all, and still reaches it through admins")
    assert company.order(directory, order("revoke", bob, "admins", admins)) == ("carried_out", True, "it is not a direct member of admins")
    last = company.order(directory, order("revoke", uuid(slapd, slapd.dn("ada")), "admins", admins))
    assert last.outcome == "refused"
    assert "must keep a member" in last.said
    assert company.order(directory, order("grant", bob, "admins", admins)).outcome == "carried_out"


def test_a_new_secret_is_told_once_and_kept_nowhere(slapd, directory, company, workspace):
    carl = uuid(slapd, slapd.dn("carl"))
    done = journal.enforce(directory, order("reset_secret", carl), key="carl/1")
    assert (done.order.outcome, done.order.changed) == ("carried_out", True)
    assert "its person must change it" in done.order.said
    assert not slapd.sign_in(slapd.dn("carl"), PASSWORD)
    assert slapd.sign_in(slapd.dn("carl"), done.secret)
    assert journal.enforce(directory, order("reset_secret", carl), key="carl/1").secret == ""
    kept = [path for path in workspace.root.rglob("*") if path.is_file() and done.secret.encode() in path.read_bytes()]
    assert kept == []


def test_rights_are_told_without_doing_anything(slapd, directory, company):
    assert {right.verb.value: right.allowed for right in journal.rights(directory)} == {
        "disable": True, "enable": True, "grant": True, "revoke": True, "reset_secret": True, "end_sessions": False, "create": True,
    }  # fmt: skip
    plan = journal.plan(directory, order("disable", uuid(slapd, slapd.dn("bob"))))
    assert (plan.holds, plan.allowed) == (False, True)
    assert slapd.sign_in(slapd.dn("bob"), PASSWORD)
    assert settled(directory) == []


def test_without_the_right_it_is_refused_and_a_wrong_password_too(slapd, directory, company):
    slapd.rules = NO_WRITER_RULES
    slapd.restart()
    try:
        assert {right.allowed for right in journal.rights(directory)} == {False}
        came = company.order(directory, order("disable", uuid(slapd, slapd.dn("bob"))))
    finally:
        slapd.rules = WRITER_RULES
        slapd.restart()
    assert came.outcome == "refused"
    assert f"{WRITER} may not: give it write there" in came.said
    company.monkeypatch.setenv("SECRET_directory_enforce_password", "wrong")
    came = company.order(directory, order("disable", uuid(slapd, slapd.dn("bob"))))
    assert came.outcome == "refused"
    assert "wrong name or password" in came.said


def test_a_server_that_is_gone_is_unknown_and_found_when_it_is_back(slapd, directory, company):
    bob = uuid(slapd, slapd.dn("bob"))
    slapd.stop()
    try:
        came = company.order(directory, order("disable", bob), key="bob/1")
    finally:
        slapd.start()
    assert (came.outcome, "nothing was written" in came.said) == ("unknown", True)
    assert company.order(directory, order("disable", bob), key="bob/1") == ("carried_out", True, "it is locked for good")
    assert company.order(directory, order("enable", bob)).outcome == "carried_out"
    with pytest.raises(journal.AnotherOrder):
        company.order(directory, order("enable", bob), key="bob/1")


def test_an_account_that_a_kill_left_made_is_found_and_told_from_a_strangers(slapd, directory, company):
    """What stands there after a try of unknown end is the order's own where it is of its person, and somebody else's otherwise."""
    for name, number, outcome in (("hal", "77", "carried_out"), ("ian", "99", "refused")):
        row = journal.intend(directory, order("create", name), key=f"{name}/1")
        row.tries, row.mark = 1, NOT_THERE  # as a try leaves it that was killed right after it wrote
        row.save()
        slapd.add_person(name, number=number, password=PASSWORD)
        came = company.create(directory, name, key=f"{name}/1")
        assert (came.outcome, came.changed) == (outcome, None if outcome == "carried_out" else False), came


KILLED = """
import os, signal
import django
django.setup()
from upheld.sources import configured, journal
from upheld.sources.enforcing import Order, Verb
from upheld.sources.ldap.orders import Orders
done = Orders.do
def do(self, order, *, secret=""):
    done(self, order, secret=secret)
    os.kill(os.getpid(), signal.SIGKILL)
Orders.do = do
journal.enforce(configured.named("directory"), Order(Verb.{verb}, "{account}"), key="killed/{verb}")
"""


@pytest.mark.parametrize("verb", ["DISABLE", "RESET_SECRET"])
def test_after_a_kill_right_after_the_write_the_repeat_finds_it_done(slapd, directory, company, verb):
    account = uuid(slapd, slapd.dn("dora"))
    script = KILLED.format(verb=verb, account=account)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "upheld.settings"}
    ended = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=60)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert settled(directory) == [""]
    came = company.order(directory, order(verb.lower(), account), key=f"killed/{verb}")
    assert (came.outcome, came.changed) == ("carried_out", None)
    assert ("nobody was told the new secret" in came.said) == (verb == "RESET_SECRET")
    slapd.put(slapd.dn("dora"), {"pwdAccountLockedTime": []} if verb == "DISABLE" else {"userPassword": [PASSWORD]})


def test_an_entry_that_is_not_shown_is_not_taken_for_gone(slapd, directory, company):
    came = company.order(directory, order("disable", "00000000-0000-4000-8000-000000000000"))
    assert came.outcome == "refused"
    assert "is shown to" in came.said


def test_a_directory_without_a_writing_account_takes_no_orders(slapd, company):
    reader = company.add("reader", "ldap", {"system": "directory", **slapd.settings}, collected=False)
    with pytest.raises(CannotEnforce, match="set enforce_dn"):
        journal.enforce(reader, order("disable", "x"), key="x")
    assert LDAP.name == "ldap"


def test_a_lock_that_nobody_heeds_is_collected_as_none(slapd, directory):
    def seen() -> object:
        into = Collecting("directory", configured.declared(directory), clock.now())
        configured.connect(directory).collect(into)
        return next((row["enabled"], row["locked"]) for row in into.seen["accounts"].rows.values() if row["user_name"] == "dora")

    slapd.put(slapd.dn("dora"), {"pwdAccountLockedTime": ["000001010000Z"]})
    try:
        assert seen() == (False, True)
        slapd.put(POLICY, {"pwdLockout": ["FALSE"]})
        assert seen() == (True, False)
    finally:
        slapd.put(POLICY, {"pwdLockout": ["TRUE"]})
        slapd.put(slapd.dn("dora"), {"pwdAccountLockedTime": []})


def test_an_account_is_made_once_and_its_name_never_twice(slapd, directory, company):
    assert company.create(directory, "eve") == ("carried_out", True, "eve is there, as the account of its person")
    assert slapd.sign_in(slapd.dn("eve"), FIRST)
    assert company.seen(directory, "eve") == ("77", True, True)
    for name, number in (("eve", "78"), ("EVE", "77"), ("ada", "77")):
        came = company.create(directory, name, number=number)
        assert (came.outcome, f"the name {name} is taken by uid={name.lower()}," in came.said) == ("refused", True), came
    assert company.create(directory, "fay*)(uid=ada", number="79").outcome == "carried_out", "a name is text, and no filter"
    assert company.seen(directory, "fay*)(uid=ada")[0] == "79"


def test_no_account_is_made_without_the_right_or_for_nobody(slapd, directory, company):
    plan = journal.plan(directory, order("create", "gus"))
    assert (plan.holds, plan.allowed, plan.said) == (False, True, "there is no account gus yet; tried without doing it: the server would")
    assert "nobody is there any more" in company.create(directory, "gus", secret="").said
    reader = company.add(
        "unplaced", "ldap", {"system": "directory", **slapd.settings, **slapd.settings_of_writer, "create_below": ""}, collected=False
    )
    assert "set create_below" in company.create(reader, "gus").said
    slapd.rules = [rule for rule in WRITER_RULES if "ou=people" not in rule]
    slapd.restart()
    try:
        assert {right.verb.value: right.allowed for right in journal.rights(directory)}["create"] is False
        came = company.create(directory, "gus")
    finally:
        slapd.rules = WRITER_RULES
        slapd.restart()
    assert (came.outcome, "may not" in came.said) == ("refused", True)
