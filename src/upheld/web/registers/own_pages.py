"""Records that people see on a page designed by hand: their own, or that of the record they hang on."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from upheld.accounts.person import Person
from upheld.actions.models import Record
from upheld.registers.compliance.space_models import AuditorSample
from upheld.registers.incidents.models import Incident
from upheld.registers.trust.asked_models import Questionnaire
from upheld.web.access import Asks, access_of
from upheld.web.registers import finding

# By register: the name of the page's address, the register it shows, and the field that holds its number.
PAGES: Mapping[str, tuple[str, type[Record], str]] = {
    "incidents.incident": ("incident", Incident, "pk"),
    "incidents.incidentstep": ("incident", Incident, "incident_id"),
    "incidents.incidentnote": ("incident", Incident, "incident_id"),
    "incidents.incidentnotice": ("incident", Incident, "incident_id"),
    "incidents.lesson": ("incident", Incident, "incident_id"),
    "incidents.securityevent": ("incident", Incident, "incident_id"),
    "compliance.auditorsample": ("audit-sample", AuditorSample, "pk"),
    "trust.questionnaire": ("customer-questionnaire", Questionnaire, "pk"),
    "trust.questionreply": ("customer-questionnaire", Questionnaire, "questionnaire_id"),
}


def own_page(person: Person, record: Record) -> str:
    """Return the path of the page on which `person` sees `record`; "" where there is none but the one made from its fields."""
    if record.register() not in PAGES:
        return ""
    name, shown, field = PAGES[record.register()]
    number: Any = getattr(record, field)
    if number is None or not finding.seen(person, shown).filter(pk=number).exists():
        return ""
    access = access_of(name)
    if isinstance(access, Asks) and not access.lets(person):
        return ""
    return reverse(name, args=[number])


def address_of(person: Person, register: str, number: int) -> str:
    """Return the path of the page to show of a record after something was done to it."""
    if register in PAGES:
        record = finding.by_name()[register]._default_manager.filter(pk=number).first()
        if record is not None and (page := own_page(person, record)):
            return page
    chapter, _, name = register.partition(".")
    return reverse("record", args=[chapter, name, number])
