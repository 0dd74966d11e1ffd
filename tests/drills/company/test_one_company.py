"""One company on real systems: what is planted in each is found, no more and no fewer; taken away by orders; read back; and proven."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from datetime import timedelta
from uuid import NAMESPACE_DNS, uuid5

import pytest
from tests.actors import person
from tests.drills.company.planted import APPROVALS, FINANCE, MODEL, NUMBERS, SALES, SYSTEMS, people
from tests.drills.company.systems import KINDS, Directory, Host, System, systems
from tests.labs import installed, require_user
from tests.sources.ordering import Company

from upheld import clock
from upheld import workspace as workspaces
from upheld.accounts.person import Held, Person
from upheld.accounts.role import Role
from upheld.checks import library
from upheld.checks.judge import judge
from upheld.checks.verdict import Outcome, Verdict
from upheld.exports.bundle.making import Asked, make
from upheld.exports.bundle.scope import About, Scope
from upheld.exports.bundle.writing import write
from upheld.ledger import policy, sequencer, store
from upheld.ledger.verify.bundle import command
from upheld.ledger.verify.bundle.logs import Brought
from upheld.ledger.verify.bundle.reperform import SAME
from upheld.registers.authorization.case_models import StaffCase
from upheld.registers.authorization.cases import carry_out_case
from upheld.registers.authorization.keeping_cases import keep_cases
from upheld.registers.authorization.kinds import Decision, ReviewKind
from upheld.registers.authorization.review_models import AccessReview, ReviewItem
from upheld.registers.authorization.reviews import carry_out_review, decide_items, finish_review, open_review
from upheld.registers.operations.models import Criticality, Environment, SystemKind
from upheld.registers.operations.systems import enter_system
from upheld.sources import configured, journal
from upheld.sources.collecting import collect
from upheld.sources.frames import frame
from upheld.sources.models import Enforcement
from upheld.verdicts.checking import check
from upheld.workspace import Workspace

pytestmark = pytest.mark.lab
LEA = person("lea", Role.SECURITY_LEAD)
ADMIN = Person(uuid5(NAMESPACE_DNS, "admin"), "1", "Admin", (Held(Role.OWNER),), "web")
WINDOWS = '[authorization]\nmover_window = "0 days"\n'
# What each measure is to say of every system: who fails, and of whom nobody can say.
FOUND: Mapping[str, tuple[str, str]] = {
    "authorization/leavers_removed": ("lena", ""),
    "authorization/movers_adjusted": ("mona", ""),
    "authorization/account_owned": ("ghost lena", "sales"),
    "authorization/unused_credentials_deactivated": ("dora", ""),
    "authorization/identifier_unique": ("", "sales"),
    "authorization/identifier_never_reissued": ("rein", ""),
    "authorization/privileged_separate": ("prisca", ""),
    "governance/duties_separated": ("connie", ""),
}
# What happened is not undone by orders, and nobody can say whose a name was.
STAYS = {"authorization/identifier_unique", "authorization/identifier_never_reissued"}
OURS = ("upheld", "upheld_enforcer")  # who reads and writes: when a program last signed in with a key, these systems do not say
FLAGGED = {"leaver": "lena", "orphan": "ghost", "shared": "sales", "dormant": "dora", "conflict": "connie"}
UNSEEN = {("dora", "saas")}
SHUT_OUT = ("lena", "ghost", "dora", "sales")


@pytest.fixture
def company(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Company:
    """A company without systems."""
    return Company(monkeypatch)


@pytest.fixture
def made(company: Company, workspace: Workspace) -> Iterator[Mapping[str, System]]:
    """The company with its systems, read once; then Mona changed jobs, a name was given again, and all was read again."""
    require_user("nobody")
    with installed(), ExitStack() as stack:
        found = dict(systems(stack))
        listed = workspace.root / "people.csv"
        listed.write_text(people("accountant"), encoding="utf-8")
        (workspace.root / "access.toml").write_text(MODEL, encoding="utf-8")
        workspace.parameters.write_text(WINDOWS, encoding="utf-8")
        company.add("hr", "people", {"file": str(listed)})
        for name in SYSTEMS:
            _enter(name)
        company.add("registers", "registers", {})
        company.add("model", "access_model", {"file": str(workspace.root / "access.toml")})
        for name, each in found.items():
            company.add(name, KINDS[name], each.settings)
        listed.write_text(people("engineer"), encoding="utf-8")
        for each in found.values():
            each.reissue()
        read("hr", *SYSTEMS)
        yield found


def _enter(name: str) -> None:
    said = {"criticality": Criticality.HIGH, "owner": "1", "purpose": "work"}
    enter_system(by=LEA, name=name, title=name, kind=SystemKind.APPLICATION, environment=Environment.PRODUCTION, **said)


def read(*names: str) -> None:
    """Read the sources called `names`."""
    for name in names:
        assert collect(configured.named(name)).error == "", name


def looked_at() -> dict[str, Verdict]:
    """Judge what is planted, and keep nothing."""
    measures = [library.shipped()[name] for name in FOUND]
    parameters = library.parameters_in_force(workspaces.current().measures, workspaces.current().parameters)
    return {each.measure: each for each in judge(measures, frame(clock.now()), parameters, {})}


def judged() -> dict[str, Verdict]:
    """Judge everything."""
    return {each.measure: each for each in check(clock.now())}


def named(outcomes: Iterable[Outcome]) -> set[tuple[str, str]]:
    """Return whose name and which system stand in `outcomes`; keys, whose last use no host tells, are left out."""
    found = set()
    for each in outcomes:
        words = re.findall(r"[a-z0-9_-]+", f"{each.label} {each.subject}".lower().replace(SALES, "sales"))
        who = next((word for word in words if word in (*NUMBERS, "rein")), each.label)
        where = next(system for system in SYSTEMS if any(word.endswith(system) for word in words))
        if words[0] != "key" and words[0] not in OURS:
            found.add((who, where))
    return found


def expected(names: str, measure: str) -> set[tuple[str, str]]:
    """Return `names` in every system; but an application of today's making cannot have been unused for long, and never says."""
    silent = {"saas"} if measure.endswith("unused_credentials_deactivated") else set()
    return {(name, system) for name in names.split() for system in SYSTEMS if system not in silent}


def carry_out() -> Counter[str]:
    """Let the orders that wait be carried out, and return how many came to what."""
    for row in journal.waiting(clock.now()):
        journal.carry_out(row)
    return Counter(Enforcement.objects.values_list("outcome", flat=True))


def reviewed() -> AccessReview:
    """Review everything, and revoke what is planted."""
    review = open_review(by=LEA, title="all", kind=ReviewKind.OWNER, due_on=clock.now().date() + timedelta(days=30))
    flagged: dict[str, set[tuple[str, str]]] = {}
    for item in review.items_of.all():
        for flag in item.flags:
            flagged.setdefault(flag, set()).add((item.account_name, item.system))
    for flag, names in FLAGGED.items():
        assert flagged[flag] == {(name, system) for name in names.split() for system in SYSTEMS} - UNSEEN, flag
    for item in review.items_of.all():
        gone = Decision.REVOKE if to_go(item) else Decision.KEEP
        decide_items(review, by=LEA if item.reviewer == LEA.ref else ADMIN, numbers=[item.number], decision=gone, reason="looked at")
    return finish_review(review, by=LEA)


def to_go(item: ReviewItem) -> bool:
    """Whether the reviewer revokes `item`."""
    if item.account_name in SHUT_OUT:
        return bool(set(item.flags) & set(FLAGGED))
    if item.account_name == "prisca":
        return "privileged" in item.flags
    return (item.account_name, item.entitlement) in {("connie", APPROVALS), ("mona", FINANCE)}


def proven(workspace: Workspace) -> None:
    """Hand out a bundle on the chapter, verify it, and judge again from it alone."""
    sequencer.sequence()
    path = workspace.root / "authorization.zip"
    write(make(Asked(Scope(About.CHAPTER, "authorization"))).members, path)
    trust = policy.trusting([sequencer.verification_key(log) for log in store.all_logs()])
    found = command.verify(path, Brought(trust, ()), reperform=True)
    assert found.holds, found.text()
    assert {each.result for each in found.reperformed or ()} == {SAME}


def test_what_is_planted_in_each_system_is_found_taken_away_read_back_and_proven(made: Mapping[str, System], workspace: Workspace) -> None:
    verdicts = looked_at()
    for measure, (failing, unknown) in FOUND.items():
        assert named(verdicts[measure].failing) == expected(failing, measure), measure
        assert named(verdicts[measure].unknowns) == expected(unknown, measure), measure
    assert all(made[system].lets_in(name) for name in SHUT_OUT for system in SYSTEMS)
    keep_cases(clock.now())
    carry_out_case(StaffCase.objects.get(kind="mover"), by=LEA)
    review = reviewed()
    # The directory keeps nobody from being the last in a group: what it refused stays open, and says why, until somebody comes to help.
    assert carry_out()["refused"] == 1
    refused = Enforcement.objects.get(outcome="refused")
    assert (refused.source.name, refused.entitlement, "must keep a member" in refused.said) == ("directory", APPROVALS, True)
    directory = made["directory"]
    assert isinstance(directory, Directory)
    directory.joins("otto", APPROVALS)
    carry_out_review(review, by=LEA)
    assert set(carry_out()) == {"carried_out", "refused"}
    assert Enforcement.objects.filter(outcome="refused").count() == 1
    read("registers", *SYSTEMS)
    after = judged()
    for measure, (failing, unknown) in FOUND.items():
        stays = measure in STAYS
        assert named(after[measure].failing) == (expected(failing, measure) if stays else set()), measure
        assert named(after[measure].unknowns) == (expected(unknown, measure) if stays else set()), measure
    assert {(name, system) for name in SHUT_OUT for system in SYSTEMS if made[system].lets_in(name)} == UNSEEN
    # Keys are taken out of files by orders, too: nothing is left that a case would wait for.
    keep_cases(clock.now())
    assert not StaffCase.objects.filter(closed_at=None).exists()
    for name in ("web1", "web2"):
        host = made[name]
        assert isinstance(host, Host)
        assert "ssh-" not in host.machine.run("cat", "/home/lena/.ssh/authorized_keys")
    proven(workspace)
