"""What the sample company keeps of incidents: three sorts of them with playbooks, two that were handled, and what is reported now."""

from datetime import timedelta

from upheld import clock
from upheld.registers.governance import responsibilities
from upheld.registers.governance.models import Part
from upheld.registers.incidents import categories, deciding, handling, learning, log_sample, reporting
from upheld.registers.incidents.incident_models import Severity, Told
from upheld.registers.incidents.models import Decision, EventKind, Incident, IncidentCategory, SecurityEvent
from upheld.registers.sampling import ENGINEER, LEAD, OPERATOR, SALES, SECOND_OPERATOR, SUPPORT, Company, PlantedFault

FAULTS = (
    PlantedFault(
        "A strange call was reported three days after somebody took it.",
        breaks=[("incidents/reported_in_time", "registers/4")],
    ),
    PlantedFault(
        "Macros were to be switched off for everybody after an incident; that was due ten days ago.",
        breaks=[("incidents/lesson_actions_done", "registers/2")],
    ),
    *log_sample.FAULTS,
)
CATEGORIES = {"malware": "Malicious software", "lost-device": "A device is lost or stolen", "data-breach": "Data reached the wrong people"}


def keep(company: Company) -> None:
    """Keep what the chapter has, oldest first; the playbooks are among the policies."""
    lead = company.lead()
    with company.at(155):
        made = responsibilities.declare_responsibility(by=lead, name=deciding.LEADER, title="Incident lead", purpose="Handles incidents.")
        responsibilities.give_responsibility(
            made,
            by=lead,
            person=OPERATOR,
            part=Part.ACCOUNTABLE,
            from_on=company.day(155),
            deputy=SECOND_OPERATOR,
            appointment=company.letter(f"{company.staff[OPERATOR].name} leads incidents."),
        )
        for name, title in CATEGORIES.items():
            categories.declare_category(by=lead, name=name, title=title, playbook=f"{name}-playbook")
    _lost_laptop(company)
    _malware(company)
    _weakness(company)
    _late(company)
    _now(company)
    log_sample.keep(company)
    with company.at(3):
        categories.put_on_call(by=lead, person=SECOND_OPERATOR, from_at=company.ago(3), until_at=company.ago(-4))


def _reported(
    company: Company, days_ago: float, who: str, what: str, kind: EventKind = EventKind.EVENT, *, hours: int = 1
) -> SecurityEvent:
    """Let somebody report something, so many hours after they noticed it."""
    with company.at(days_ago) as now:
        return reporting.report_event(by=company.person(who), what=what, kind=kind, noticed_at=now - timedelta(hours=hours))


def _opened(company: Company, event: SecurityEvent, days_ago: float, category: str, severity: Severity, title: str) -> Incident:
    """Let an event be decided to be an incident, and be taken on within the hour."""
    with company.at(days_ago) as now:
        decided = deciding.decide_event(
            event,
            by=company.lead(),
            decision=Decision.INCIDENT,
            reason="Somebody could be harmed by it.",
            category=IncidentCategory.objects.get(name=category),
            severity=severity,
            title=title,
        )
        deciding.answer_reporter(SecurityEvent.objects.get(pk=event.pk), by=company.lead(), words="Thank you. We are on it.")
    assert decided.incident is not None
    with clock.at(now + timedelta(minutes=40)):
        return handling.acknowledge_incident(decided.incident, by=company.person(OPERATOR))


def _over(company: Company, incident: Incident, days_ago: float, how: str) -> Incident:
    """Let each step be done, and the incident be contained and resolved, within some hours."""
    handler = company.person(OPERATOR)
    with company.at(days_ago):
        for step in incident.steps.filter(mandatory=True):
            handling.do_step(step, by=handler)
        contained = handling.contain_incident(Incident.objects.get(pk=incident.pk), by=handler, how=how)
    with company.at(days_ago - 0.5):
        return handling.resolve_incident(contained, by=handler, words="Looked for two days whether anything came back: nothing did.")


def _lost_laptop(company: Company) -> None:
    event = _reported(company, 120, SALES, "My laptop is gone. I had it in the train to Lisbrook until noon.")
    incident = _opened(company, event, 119.9, "lost-device", Severity.MEDIUM, "A laptop was left in a train")
    resolved = _over(company, incident, 119, "Locked and wiped from afar; it was encrypted.")
    handler = company.person(OPERATOR)
    with company.at(117):
        said = handling.rule_out_breach(resolved, by=handler, reason="The disk was encrypted, and the laptop was off.")
        handling.close_incident(
            said,
            by=handler,
            happened_at=event.noticed_at - timedelta(hours=2),
            consequences="One laptop lost, nobody's data seen.",
            measures="Wiped and replaced. Laptops now show a number to call on their lock screens.",
        )
        lesson = learning.review_incident(
            Incident.objects.get(pk=incident.pk),
            by=handler,
            cause="Whoever found it could not know whom to call.",
            lesson="A found device must say whose it is.",
            strengthens="assets/endpoint_encrypted",
        )
        todo = learning.plan_follow_up(
            lesson, by=handler, what="Show a number to call on lock screens", owner=OPERATOR, due_on=company.day(90)
        )
    with company.at(100):
        learning.finish_follow_up(todo, by=handler, note="Rolled out with the device management.")


def _malware(company: Company) -> None:
    event = _reported(company, 40, SUPPORT, "I opened an invoice, and a black window flashed up.")
    incident = _opened(company, event, 39.95, "malware", Severity.HIGH, "A macro in an invoice ran on a support computer")
    handler = company.person(OPERATOR)
    with company.at(39.5):
        known = handling.declare_breach(
            incident, by=handler, known_at=company.ago(39.6), affected="Names and addresses of about 40 customers, read from a mailbox."
        )
        handling.record_notice(known, by=handler, to=Told.AUTHORITY, how="By the form of the authority of Nordhaven, case 2231.")
    resolved = _over(company, Incident.objects.get(pk=incident.pk), 39, "Taken off the network; the account's sessions were ended.")
    with company.at(36):
        handling.close_incident(
            resolved,
            by=handler,
            happened_at=event.noticed_at,
            consequences="A mailbox was read for two hours.",
            measures="The computer was set up anew, passwords were changed, customers were written to.",
        )
        lesson = learning.review_incident(
            Incident.objects.get(pk=incident.pk),
            by=handler,
            cause="Macros of documents from outside could run.",
            lesson="Macros run only where somebody needs them.",
        )
        learning.plan_follow_up(lesson, by=handler, what="Switch off macros for everybody", owner=SECOND_OPERATOR, due_on=company.day(10))


def _weakness(company: Company) -> None:
    event = _reported(company, 15, ENGINEER, "The door of the server room does not fall shut by itself.", kind=EventKind.WEAKNESS)
    with company.at(14):
        decided = deciding.decide_event(event, by=company.lead(), decision=Decision.MEND, reason="Tried it: true. Facilities mend it.")
        deciding.answer_reporter(decided, by=company.lead(), words="Thank you. A new closer is fitted on Thursday.")


def _late(company: Company) -> None:
    event = _reported(company, 9, LEAD, "Somebody called and asked the reception for the names of our administrators.", hours=72)
    with company.at(8.5):
        deciding.decide_event(event, by=company.lead(), decision=Decision.NONE, reason="Nothing was told to them. Reception was reminded.")


def _now(company: Company) -> None:
    _reported(company, 0.4, SALES, "A customer says that he got a mail from me which I never wrote.")
