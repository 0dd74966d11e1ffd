"""Orders to a Linux host: by the script orders.sh, pinned there or sent to a shell of root's, looked up by its own questions."""

import hashlib
import shlex
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from upheld import clock
from upheld.evidence.table import Row
from upheld.sources.enforcing import Holder, Order, Refusal, Right, State, Verb, for_whom, made
from upheld.sources.host.accounts import account_id, accounts
from upheld.sources.host.answers import ABSENT, Answers, parse
from upheld.sources.host.get import Way, refusal, the_script
from upheld.sources.host.passwd import Person, people, secrets
from upheld.sources.host.rights import grants, group_id, standing
from upheld.sources.host.sessions import sessions
from upheld.sources.host.sshkeys import PublicLine, public_lines
from upheld.sources.source import SourceError

# An entitlement that begins so is a key that lets in by SSH; its fingerprint follows, as keys.fingerprint has it.
KEY = "ssh-key:"


@cache
def orders_script() -> bytes:
    """Return orders.sh with the questions behind it, by which it looks."""
    return files("upheld.sources.host").joinpath("orders.sh").read_bytes() + the_script()


@dataclass(frozen=True)
class Orders:
    """One host that may be written to. `way.program` is the pinned script, or a shell that reads one (`sudo -n sh -s`)."""

    way: Way
    system: str

    def rights(self) -> Sequence[Right]:
        """See `Enforcing`: what may be done hangs on being root alone."""
        answers = self._ask("look")
        if not answers.is_root:
            return [
                Right(verb, False, "the program does not run as root there: let it run by sudo (docs/sources/host.md)") for verb in Verb
            ]
        return [Right(verb, True, "the program runs as root there; it touches nobody below UID_MIN") for verb in Verb]

    def look(self, order: Order, *, before: str = "") -> State:
        """See `Enforcing`. An account is known by number and name together; one that /etc/passwd does not have is gone for certain."""
        answers = self._ask("look")
        if not answers.file("/etc/passwd").whole:
            return State(None, f"/etc/passwd: {answers.file('/etc/passwd').why}")
        if order.verb == Verb.CREATE:
            return _made(answers, order, before)
        person = next((each for each in people(answers) if self._id(answers, each) == order.account), None)
        if person is None:
            return State(order.verb.takes, "there is no such account any more in /etc/passwd")
        return _looked(answers, self._system(answers), person, order, before)

    def do(self, order: Order, *, secret: str = "") -> None:
        """See `Enforcing`."""
        if order.verb == Verb.CREATE:
            whose = for_whom(order, secret)
            self._done(order, order.account, "", _gecos(whose), secret)
            return
        number, name = ([*order.account.rsplit("/", 2), ""])[1:3]
        what = order.group_id.rpartition("/")[2] if order.group_id else order.entitlement
        for each in self._files(name, what) if order.verb == Verb.REVOKE and what.startswith(KEY) else [what]:
            self._done(order, name, number, each, secret)

    def _files(self, name: str, what: str) -> list[str]:
        """What is asked for each file that lets `name` in with a key: the key itself, and the file."""
        answers = self._ask("look")
        return [f"{KEY}{line.blob} {path}" for path, line in _lines(answers, name) if line.fingerprint == what.removeprefix(KEY)]

    def _done(self, order: Order, name: str, number: str, what: str, secret: str) -> None:
        answers = self._ask(order.verb.value, name, number, what, secret)
        if answers.of("refused").whole:
            raise Refusal(f"{self.way.address or 'this machine'}: {answers.of('refused').text.strip()}")
        if not answers.of("did").whole:
            raise SourceError(f"{self.way.address or 'this machine'} broke off in the middle of {order.verb.value}", permanent=False)

    def _system(self, answers: Answers) -> str:
        return self.system or answers.file("/etc/hostname").text.strip()

    def _id(self, answers: Answers, person: Person) -> str:
        return account_id(self._system(answers), person)

    def _ask(self, verb: str, *words: str) -> Answers:
        """Run the script and return its sections. The secret goes by standard input: it is in no list of processes."""
        told = dict(zip(("VERB", "WHO", "NUMBER", "WHAT", "SECRET"), (verb, *words, "", "", "", ""), strict=False))
        if any("\n" in value or "\0" in value for value in told.values()):
            raise Refusal("a name with a line break in it is not sent to a host")
        if self.way.program.endswith("-s"):
            given = "".join(f"{name}={shlex.quote(value)}\n" for name, value in told.items()).encode() + orders_script()
        else:
            given = "".join(f"{value}\n" for value in told.values()).encode()
        try:
            done = subprocess.run(self.way.command(), input=given, capture_output=True, timeout=self.way.patience, check=False)
        except subprocess.TimeoutExpired as error:
            raise SourceError(
                f"{self.way.address or 'this machine'} did not end within {self.way.patience:.0f} s", permanent=False
            ) from error
        except OSError as error:
            raise SourceError(f"{self.way.command()[0]} could not be started: {error.strerror}", permanent=True) from error
        answers = parse(done.stdout)
        if answers.of("order").text.strip() != verb:
            raise refusal(self.way, done.returncode, done.stderr.decode("utf-8", errors="replace"))
        return answers


def _gecos(whose: Holder) -> str:
    """Return the fields of passwd that name somebody; the fifth is their number, by which the account is known as theirs."""
    if any(mark in whose.number for mark in ",:"):
        raise Refusal(f"/etc/passwd cannot hold the number {whose.number!r}: make it by hand")
    name = "".join(" " if letter in ",:=" or not letter.isprintable() else letter for letter in whose.name)
    return f"{name},,,,{whose.number}"


def _made(answers: Answers, order: Order, before: str) -> State:
    """An account whose secret was not set yet is not made: useradd may have been all that was done of it."""
    person = next((each for each in people(answers) if each.user == order.account), None)
    fields = person.gecos.split(",") if person else []
    state = made(order, fields[4].strip() if len(fields) > 4 else None, before, there=person is not None)
    if not state.holds:
        return state
    kept = secrets(answers)
    if kept is None:
        return State(None, f"/etc/shadow: {answers.file('/etc/shadow').why}", state.mark)
    mine = kept.get(order.account)
    return state if mine is not None and mine.usable else State(False, f"{order.account} is there, and has no password yet", state.mark)


def _looked(answers: Answers, system: str, person: Person, order: Order, before: str) -> State:
    if order.verb in (Verb.DISABLE, Verb.ENABLE):
        return _enabled(answers, system, person, wanted=order.verb == Verb.ENABLE)
    if order.verb == Verb.RESET_SECRET:
        return _secret(answers, person, before)
    if order.verb == Verb.END_SESSIONS:
        return _sessions(answers, system, person, before)
    return _holds(answers, system, person, order)


def _enabled(answers: Answers, system: str, person: Person, *, wanted: bool) -> State:
    """Whether its expiry is over is what counts: a locked password alone leaves SSH keys in (shadow(5))."""
    kept = answers.file("/etc/shadow")
    if not kept.whole:
        return State(None, f"/etc/shadow: {kept.why}")
    row: Row = next(row for row in accounts(answers, system, clock.now())[0].rows if row["id"] == account_id(system, person))
    ends = row.get("expires_at")
    expired = ends is not None and ends <= clock.now()  # type: ignore[operator]
    said = "it is expired, which keeps passwords and keys out" if expired else "it is not expired"
    if expired or not wanted:
        return State(expired != wanted, said)
    return State(True, said if row["can_sign_in"] is not False else f"{said}, and has neither a password nor a key: set one")


def _secret(answers: Answers, person: Person, before: str) -> State:
    kept = answers.file("/etc/shadow")
    if not kept.whole:
        return State(None, f"/etc/shadow: {kept.why}")
    line = next((line for line in kept.text.split("\n") if line.startswith(f"{person.user}:")), "")
    if not line:
        return State(None, "/etc/shadow has no line for it")
    # A digest of a salted hash: it tells one password from the next, and opens neither.
    mark = hashlib.sha256(line.split(":")[1].lstrip("!").encode()).hexdigest()
    changed = bool(before) and mark != before
    must = "; its person must change it" if line.split(":")[2] == "0" else ""
    return State(changed, f"the password is {'another' if changed else 'as it was'}{must}", mark)


def _sessions(answers: Answers, system: str, person: Person, before: str) -> State:
    part = sessions(answers, system)
    if part.cut_short:
        return State(None, "; ".join(part.cut_short))
    now = {str(row["id"]) for row in part.rows if row["account_id"] == account_id(system, person)}
    left = now & set(before.split()) if before else now
    return State(
        not left, f"{len(left)} sessions of {person.user} last" if left else f"no session of {person.user} lasts", " ".join(sorted(now))
    )


def _lines(answers: Answers, user: str) -> Iterator[tuple[str, PublicLine]]:
    for path in dict.fromkeys(path for holder, path in answers.holders if holder == user):
        for line in public_lines(answers.file(path).text):
            yield path, line


def _lets_in(answers: Answers, person: Person, order: Order) -> State:
    """Whether a key lets in. A file that could not be read may hold it."""
    print_ = order.entitlement.removeprefix(KEY)
    where = sorted({path for path, line in _lines(answers, person.user) if line.fingerprint == print_})
    unread = [answers.file(path) for holder, path in answers.holders if holder == person.user]
    why = next((each.why for each in unread if not each.whole and each.status != ABSENT), "")
    if why and not where:
        return State(None, why)
    said = f"{print_} lets {person.user} in by {', '.join(where)}" if where else f"{print_} does not let {person.user} in"
    return State(bool(where) == (order.verb == Verb.GRANT), said)


def _holds(answers: Answers, system: str, person: Person, order: Order) -> State:
    if order.entitlement.startswith(KEY):
        return _lets_in(answers, person, order)
    found = standing(answers, system, "")
    part = grants(found)
    if order.group_id:
        held = any(group_id(system, each) == order.group_id and person in found.members(each) for each in found.groups)
    else:
        held = any((row["holder_id"], row["entitlement"]) == (account_id(system, person), order.entitlement) for row in part.rows)
    unread = not answers.file("/etc/group").whole or (bool(part.cut_short) and not order.group_id)
    if unread and not held:
        return State(None, "; ".join(part.cut_short) or "/etc/group could not be read")
    return State(
        held == (order.verb == Verb.GRANT), f"{person.user} {'holds' if held else 'does not hold'} {order.entitlement or order.group_id}"
    )
