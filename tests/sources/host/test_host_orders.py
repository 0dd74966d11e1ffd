"""Orders to a real Linux host of the lab: its own accounts, sudo and processes, reached by SSH and two pinned scripts."""

from collections.abc import Iterator

import pytest
from tests.labs import require_user, start
from tests.sources.ordering import FIRST, Company, order

from upheld.evidence.collection import Collecting
from upheld.lab.machine import ORDERS, Machine
from upheld.sources import configured, journal
from upheld.sources.host.sshkeys import public_lines

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def web1() -> Iterator[Machine]:
    """A host with three people, two groups, and a sudo rule that somebody wrote by hand."""
    require_user("nobody")
    with start(Machine) as machine:
        for name in ("ada", "bob", "carl"):
            machine.add_user(name, password="correct-horse-7-battery")
        machine.run("groupadd", "deploy")
        machine.run("gpasswd", "--add", "ada", "deploy")
        machine.run("sh", "-c", "echo 'bob ALL=(root) /usr/bin/id' > /etc/sudoers.d/bob")
        yield machine


@pytest.fixture
def source(web1: Machine, company: Company):
    """The host as a source, not read yet."""
    return company.add("web1", "host", web1.settings, collected=False)


def account(machine: Machine, name: str) -> str:
    return f"web1/{machine.run('id', '-u', name).strip()}/{name}"


def group(machine: Machine, name: str) -> str:
    return f"web1/{machine.run('getent', 'group', name).split(':')[2]}/{name}"


def test_the_pinned_script_is_told_from_one_without_root(web1, source, company):
    assert {right.allowed for right in journal.rights(source)} == {True}
    weak = company.add("weak", "host", {**web1.settings, "enforce_program": ORDERS}, collected=False)
    assert {right.allowed for right in journal.rights(weak)} == {False}
    came = company.order(weak, order("disable", account(web1, "ada")))
    assert (came.outcome, "let it run by sudo" in came.said) == ("refused", True)


def test_an_account_is_shut_for_passwords_and_keys_and_opened_again(web1, source, company):
    came = company.order(source, order("disable", account(web1, "ada")))
    assert came == ("carried_out", True, "it is expired, which keeps passwords and keys out")
    assert not web1.sign_in("ada")
    assert company.order(source, order("enable", account(web1, "ada"))) == ("carried_out", True, "it is not expired")
    assert web1.sign_in("ada")


def test_groups_and_sudo_are_given_and_taken_and_foreign_rules_refused(web1, source, company):
    ada, deploy = account(web1, "ada"), group(web1, "deploy")
    assert company.order(source, order("revoke", ada, "deploy", deploy)) == ("carried_out", True, "ada does not hold deploy")
    rule = "sudo:/usr/bin/id -un"
    assert company.order(source, order("grant", ada, rule)).outcome == "carried_out"
    assert "/usr/bin/id -un" in web1.run("sudo", "-l", "-U", "ada")
    assert company.order(source, order("revoke", ada, rule)).outcome == "carried_out"
    assert "/usr/bin/id -un" not in web1.run("sudo", "-l", "-U", "ada")
    by_hand = company.order(source, order("revoke", account(web1, "bob"), "sudo:/usr/bin/id"))
    assert (by_hand.outcome, "take it out by hand" in by_hand.said) == ("refused", True)


@pytest.mark.parametrize(
    ("verb", "who", "what", "why"),
    [
        ("disable", "upheld", "", "belongs to the system"),
        ("grant", "ada", "sudo", "as good as root"),
        ("grant", "ada", "sudo:/bin/sh -c 'x'\"; rm", "letters, digits"),
        ("revoke", "ada", "ada", "primary group"),
    ],
)
def test_what_is_as_good_as_root_or_the_systems_own_is_refused(web1, source, company, verb, who, what, why):
    group_id = group(web1, what) if what and not what.startswith("sudo:") else ""
    came = company.order(source, order(verb, account(web1, who), what, group_id))
    assert (came.outcome, why in came.said) == ("refused", True), came


def test_sessions_are_collected_ended_and_read_back(web1, source, company):
    session = web1.session("carl")
    try:
        into = Collecting("web1", ["sessions"], journal.clock.now())
        configured.connect(source).collect(into)
        seen = [(row["identifier"], row["account_id"], row["way"], row["remote"]) for row in into.seen["sessions"].rows.values()]
        assert ("carl", account(web1, "carl"), "ssh", True) in seen
        assert company.order(source, order("end_sessions", account(web1, "carl"))) == ("carried_out", True, "no session of carl lasts")
        assert session.wait(timeout=20) != 0
    finally:
        session.kill()
    assert "carl" not in web1.run("ps", "-eo", "user=")


def test_a_secret_is_set_by_standard_input_and_must_be_changed(web1, source):
    before = web1.run("getent", "shadow", "bob")
    done = journal.enforce(source, order("reset_secret", account(web1, "bob")), key="bob/1")
    assert (done.order.outcome, done.order.said) == ("carried_out", "the password is another; its person must change it")
    after = web1.run("getent", "shadow", "bob").split(":")
    assert (after[1] != before.split(":")[1], after[2], len(done.secret) >= 24) == (True, "0", True)


def test_a_number_that_was_given_again_is_another_account(web1, source, company):
    stale = account(web1, "carl").replace("carl", "ada")
    assert company.order(source, order("disable", stale)) == ("carried_out", False, "there is no such account any more in /etc/passwd")


def test_a_host_that_does_not_answer_is_unknown(web1, source, company):
    who = account(web1, "ada")
    web1.stop()
    try:
        came = company.order(source, order("disable", who), key="ada/1")
    finally:
        web1.start()
    assert (came.outcome, "nothing was written" in came.said) == ("unknown", True)
    assert company.order(source, order("disable", who), key="ada/1").outcome == "carried_out"


def fingerprint(public: str) -> str:
    return next(public_lines(public)).fingerprint


def test_a_key_is_taken_out_of_every_file_that_lets_in_with_it_and_no_other(web1, source, company):
    spare, files = web1.key("spare"), "~bob/.ssh/authorized_keys ~bob/.ssh/authorized_keys2"
    web1.run("sh", "-c", f'echo "$1" >> ~bob/.ssh/authorized_keys; cp -p {files}', "sh", spare)
    bob, before = account(web1, "bob"), web1.run("sh", "-c", f"stat -c '%a %U' {files}")
    assert web1.run("sh", "-c", f"cat {files}").count(spare) == 2
    came = company.order(source, order("revoke", bob, f"ssh-key:{fingerprint(spare)}"))
    assert came == ("carried_out", True, f"{fingerprint(spare)} does not let bob in")
    assert web1.run("sh", "-c", f"cat {files}").count(spare) == 0 and web1.sign_in("bob"), "another key lets in as before"
    assert web1.run("sh", "-c", f"stat -c '%a %U' {files}") == before
    assert company.order(source, order("revoke", bob, f"ssh-key:{fingerprint(spare)}")).changed is False
    assert company.order(source, order("grant", bob, f"ssh-key:{fingerprint(spare)}")).outcome == "refused"


def test_root_follows_no_link_out_of_a_home(web1, source, company):
    linked, link = web1.key("linked"), "~carl/.ssh/authorized_keys2"
    web1.run("sh", "-c", f'echo "$1" > /etc/kept; ln -sf /etc/kept {link}; chown -h carl {link}', "sh", linked)
    came = company.order(source, order("revoke", account(web1, "carl"), f"ssh-key:{fingerprint(linked)}"))
    assert (came.outcome, "no plain file" in came.said) == ("refused", True)
    assert web1.run("cat", "/etc/kept").strip() == linked, "what the link leads to is as it was"


def test_an_account_is_made_with_a_home_and_a_first_secret(web1, source, company):
    assert company.create(source, "eve") == ("carried_out", True, "eve is there, as the account of its person")
    assert company.seen(source, "eve") == ("77", True, True)
    assert web1.run("stat", "-c", "%U", "/home/eve").strip() == "eve"
    secret = web1.run("getent", "shadow", "eve").split(":")[1]
    assert web1.run("perl", "-e", "print crypt($ARGV[0], $ARGV[1])", FIRST, secret) == secret
    for name, why in (("eve", "already"), ("deploy", "there is a group deploy"), ("Eve", "small letters"), ("-rf", "no name")):
        came = company.create(source, name, number="78")
        assert (came.outcome, why in came.said) == ("refused", True), came
    came = company.create(source, "fay", number="7:8")
    assert (came.outcome, "make it by hand" in came.said) == ("refused", True)
