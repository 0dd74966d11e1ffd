"""Who is told of what, once, in their language, through a real mail server: what broke, what is due, what waits for them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.mailbox import Mailbox, posted
from tests.world import account, person

from upheld import clock
from upheld.accounts.models import Account, ReportingLine
from upheld.accounts.role import Role
from upheld.duties.models import Occurrence
from upheld.duties.occurrences import materialise
from upheld.duties.tell import is_anything_untold, tell_all
from upheld.notices import delivering
from upheld.notices.models import Notice
from upheld.notices.wishes import How, choose
from upheld.registers.findings.actions import approve_exception, ask_exception, comment, take_care
from upheld.registers.governance.contacts import add_contact, enter_jurisdiction, verify_contact
from upheld.registers.governance.models import Contact, ContactKind, Part
from upheld.registers.governance.policies import declare_policy, draft_policy, submit_policy
from upheld.registers.governance.policy_models import Audience, PolicyKind
from upheld.registers.governance.responsibilities import declare_responsibility, give_responsibility
from upheld.verdicts.models import Finding, Judgement, MeasureVerdict
from upheld.workspace import Workspace

DAY = timedelta(days=1)
OWNED, SET = "authorization/account_owned", "governance/policy_set_complete"


@pytest.fixture
def lea(ledger: Workspace) -> Account:
    return account("lea", Role.SECURITY_LEAD)


@pytest.fixture
def mailbox(ledger: Workspace) -> Iterator[Mailbox]:
    with posted(ledger) as box:
        yield box


def finding(measure: str, subject: str) -> Finding:
    now = clock.now()
    return Finding.objects.create(measure=measure, subject=subject, label=subject, detail="fails", first_seen_at=now, last_seen_at=now)


def told() -> list[tuple[str, str, bool]]:
    """Look and tell, and return to whom what was queued since, and whether it goes out at once."""
    before = set(Notice.objects.values_list("pk", flat=True))
    materialise(clock.now())
    tell_all(clock.now())
    fresh = Notice.objects.exclude(pk__in=before)
    return sorted((each.to.partition("@")[0], each.title, not each.in_digest) for each in fresh)


def contact(lea: Account, holder: str) -> Contact:
    germany = enter_jurisdiction(by=person(lea), code="de", title="Germany", from_on=date(2020, 1, 1))
    return add_contact(by=person(lea), kind=ContactKind.POLICE, title="Police", how="110", holder=holder, jurisdiction=germany)


def test_the_owner_is_told_at_once_of_what_breaks_in_their_language_and_once(lea: Account, mailbox: Mailbox) -> None:
    ina = account("ina", Role.OWNER, over=("owner", "it-operations"))
    choose(person(ina), How.URGENT_AT_ONCE, "de")
    one = finding(OWNED, "ldap/x")
    assert [(to, at_once) for to, _title, at_once in told()] == [("ina", True), ("lea", True)]
    assert told() == [] and not is_anything_untold()
    assert delivering.deliver(clock.now()) == (2, 0)
    by_address = {mail["To"]: mail for mail in mailbox.mails()}
    german, english = (by_address[to] for to in ("ina@example.org", "lea@example.org"))
    assert german["Subject"].startswith("Gebrochen: ") and english["Subject"].startswith("Broken: ")
    body = german.get_body(("plain",)).get_content()
    assert body.count("http") == 1 and f"/findings/{one.pk}/" in body
    assert "zu beheben bis 1. Juni 2026" in body


def test_what_fails_together_is_told_together(lea: Account) -> None:
    for number in range(12):
        finding(OWNED, f"ldap/{number}")
    ((to, title, _),) = told()
    assert to == "lea" and title.startswith("12 subjects fail now: ")
    assert Notice.objects.get().link == "/findings/?measure=authorization%2Faccount_owned"


def test_who_takes_care_is_told_and_not_who_owns_the_measure(lea: Account, ledger: Workspace) -> None:
    (ledger.root / "duties.toml").write_text('[route]\nhigh = ["owner", "manager"]\n', encoding="utf-8")
    account("ina", Role.OWNER, over=("owner", "it-operations")), account("eve", Role.EMPLOYEE), account("max", Role.MANAGER)
    ReportingLine.objects.create(person="P-eve", manager="P-max")
    take_care(by=person(lea), measure=OWNED, subject="ldap/x", person="P-eve")
    finding(OWNED, "ldap/x")
    assert [(to, title[:20]) for to, title, _ in told()] == [
        ("eve", "A finding is yours t"),
        ("eve", "Broken: Every accoun"),
        ("max", "Broken: Every accoun"),
    ]


def test_an_excepted_finding_is_told_to_nobody(lea: Account) -> None:
    dora = account("dora", Role.DPO)
    approve_exception(
        ask_exception(by=person(lea), measure=OWNED, subject="ldap/x", reason="r", until_on=date(2026, 9, 1)), by=person(dora)
    )
    told()
    finding(OWNED, "ldap/x")
    assert told() == []


def test_due_soon_then_overdue_then_passed_on_each_once(lea: Account, noon: datetime) -> None:
    eve, _ = account("eve", Role.EMPLOYEE), account("max", Role.MANAGER)
    ReportingLine.objects.create(person="P-eve", manager="P-max")
    verify_contact(contact(lea, "P-eve"), by=person(eve))
    story = {}
    for days in (
        357,
        358,
        359,
        364,
        365,
        366,
        371,
        372,
        373,
        378,
        379,
        380,
        394,
    ):  # each day on which something is told, and those beside it
        with clock.at(noon + days * DAY):
            for to, title, at_once in told():
                story[days] = [*story.get(days, []), (to, title, at_once)]
    assert story == {
        358: [("eve", "Due soon: Try this contact: Police", False)],
        365: [("eve", "Overdue: Try this contact: Police", False)],
        372: [("max", "Not done, and passed on to you: Try this contact: Police", True)],
        379: [("lea", "Not done, and passed on to you: Try this contact: Police", True)],
    }


def test_whoever_wants_one_mail_a_day_gets_one(lea: Account, mailbox: Mailbox, noon: datetime) -> None:
    choose(person(lea), How.DAILY, "de")
    finding(OWNED, "ldap/x"), finding(SET, "crypto")
    assert [at_once for _, _, at_once in told()] == [False, False]
    assert delivering.deliver(noon) == (0, 0)
    with clock.at(noon + DAY):
        assert delivering.deliver(clock.now()) == (2, 0)
    (mail,) = mailbox.mails()
    assert mail["Subject"] == "2 Dinge für Sie"
    choose(person(lea), How.AT_ONCE, "en")
    contact(lea, "P-lea")
    assert ("lea", "Overdue: Try this contact: Police", True) in told()


def test_a_measure_at_risk_is_told_with_the_instant(lea: Account, noon: datetime) -> None:
    judgement = Judgement.objects.create(as_of=noon, judged_at=noon, measures=1, entry_id="x")
    flips_at = datetime(2026, 5, 14, 9, 12, tzinfo=UTC)
    row = MeasureVerdict.objects.create(
        measure=SET, state="at risk", from_at=noon, judged_until_at=noon, reason="", flips_at=flips_at, judgement=judgement, entry_id="x"
    )
    ((to, title, at_once),) = told()
    assert (to, at_once) == ("lea", False) and title.endswith(" breaks on 14 May 2026, 09:12 UTC if nothing happens")
    assert told() == []
    row.flips_at = flips_at + DAY
    row.save()
    assert len(told()) == 1


def test_who_may_approve_is_told_that_it_waits(lea: Account) -> None:
    max_ = account("max", Role.MANAGER)
    ceo = declare_responsibility(by=person(lea), name="ceo", title="Chief", purpose="all", management=True)
    give_responsibility(ceo, by=person(lea), person="P-max", part=Part.ACCOUNTABLE, from_on=date(2020, 1, 1))
    made = declare_policy(by=person(lea), name="access", kind=PolicyKind.POLICY, title="Access", owner="P-lea", audience=Audience.EVERYONE)
    version = submit_policy(draft_policy(made, by=person(lea), text="Ask.", summary="new"), by=person(lea))
    assert told() == [("max", "Waits for you: Approve, or send back: Access, version 1", True)]
    assert Notice.objects.get().link == f"/act/governance.approve-policy/?record={version.pk}"
    ask_exception(by=person(lea), measure="a/b", subject="s", reason="r", until_on=date(2026, 6, 1))
    assert told() == []  # nobody but the one who asked may decide
    account("dora", Role.DPO)
    wanted = ask_exception(by=person(max_), measure="a/b", subject="t", reason="r", until_on=date(2026, 5, 10))
    assert [(to, title) for to, title, _ in told()] == [
        ("dora", "Waits for you: Decide about an exception: a/b: t"),
        ("lea", "Waits for you: Decide about an exception: a/b: t"),
    ]
    approve_exception(wanted, by=person(lea))
    assert [(to, title) for to, title, _ in told()] == [
        ("max", "An exception ends on 10 May 2026: a/b: t"),
        ("max", "An exception was approved: a/b: t"),
    ]


def test_whoever_is_mentioned_is_told(lea: Account) -> None:
    account("eve", Role.EMPLOYEE)
    one = finding(SET, "crypto")
    told()
    comment(by=person(lea), measure=SET, subject="crypto", words="Can you write it?", mentions=["P-eve", "P-lea"])
    assert told() == [("eve", "P-lea asks you about crypto", True)]
    assert Notice.objects.get(kind="finding.mention").link.startswith(f"/findings/{one.pk}/#comment-")


def test_killed_before_it_was_written_down_nothing_is_told_twice(lea: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    finding(SET, "crypto")
    contact(lea, "P-lea")
    materialise(clock.now())
    with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
        killed.setattr("upheld.duties.tell._microseconds", lambda at: (_ for _ in ()).throw(KeyboardInterrupt))
        tell_all(clock.now())
    assert Notice.objects.count() == 0 and Occurrence.objects.get().told == 0
    assert tell_all(clock.now()) == 2 and tell_all(clock.now()) == 0
