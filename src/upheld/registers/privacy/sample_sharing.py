"""Where the sample company's customers' data go: to the cloud that hosts them, and to a help desk in another country."""

from datetime import timedelta
from typing import Any

from upheld.registers.privacy import announcing, objections, sharing
from upheld.registers.privacy.models import Clause
from upheld.registers.privacy.sharing_models import Announcement, Basis, Changes, CustomerNotice, Settlement
from upheld.registers.sampling import SUPPORT, TECHNOLOGY, Company

ADDED = Changes.ADDITION


def keep(company: Company) -> None:
    """Tell customers by letter, settle what one of them objects to, and start; a second mail service is announced, and one objects."""
    lead = company.lead()
    said: dict[str, Any] = {"data_categories": ["buyers"], "safeguards": "Contract with the clauses of the customers' own."}
    cloud: dict[str, Any] = {"supplier": "north-cloud", "owner": TECHNOLOGY, "countries": ["nh"], "flow_down": list(Clause)}
    with company.at(200):
        terms = company.letter("Terms of processing with North Cloud")
        host = sharing.plan_subprocessor(
            by=lead,
            name="north-cloud",
            title="North Cloud",
            purpose="Runs the servers that hold them",
            terms=terms,
            **cloud,
            **said,
        )
        desk = sharing.plan_transfer(
            by=lead,
            name="night-desk",
            title="Help desk at night",
            owner=SUPPORT,
            recipient="Southern Desk",
            purpose="Answers calls at night",
            countries=["sh"],
            basis=Basis.CLAUSES,
            assessment=company.letter("The law of the country of Southern Desk"),
            **said,
        )
        for country, why in (("nh", "Servers"), ("sh", "A help desk at night")):
            sharing.publish_destination(by=lead, country=country, why=f"{why}.")
        planned_on = company.day(160)
        told = (
            announcing.announce_subprocessor(host, by=lead, change=ADDED, what="Servers in the cloud.", planned_on=planned_on),
            announcing.announce_transfer(desk, by=lead, change=ADDED, what="A help desk at night.", planned_on=planned_on),
        )
    for announcement in told:
        _arrive(company, announcement)
    with company.at(190):
        notice = CustomerNotice.objects.filter(announcement=told[1]).first()
        assert notice is not None
        objection = objections.object(notice, by=lead, reasons="They wrote that nobody outside may listen to calls.")
    with company.at(180):
        agreed = company.letter("With calls that are not recorded we agree.")
        objections.settle_objection(objection, by=lead, settlement=Settlement.WITHDRAWN, how="Calls are not recorded.", agreed=agreed)
    with company.at(160):
        sharing.start_subprocessor(host, by=lead, from_on=planned_on)
        sharing.start_transfer(desk, by=lead, from_on=planned_on)
    _announce_mail(company, cloud | said)


def _announce_mail(company: Company, said: dict[str, Any]) -> None:
    """Announce a second mail service, which has not started yet."""
    with company.at(10):
        terms = company.letter("Terms of processing with North Cloud for mail")
        mail = sharing.plan_subprocessor(
            by=company.lead(),
            name="north-mail",
            title="North Cloud Mail",
            purpose="Sends their mails",
            terms=terms,
            **said,
        )
        planned_on = company.day(10) + timedelta(days=45)
        _arrive(
            company,
            announcing.announce_subprocessor(mail, by=company.lead(), change=ADDED, what="Another mail service.", planned_on=planned_on),
            7,
        )
    with company.at(4):
        notice = CustomerNotice.objects.filter(announcement__subprocessor=mail, customer__name="museum").first()
        assert notice is not None
        objections.object(notice, by=company.lead(), reasons="They wrote that their members agreed to mails from us alone.")


def _arrive(company: Company, announcement: Announcement, days_ago: float = 195) -> None:
    """Let every letter about it arrive."""
    with company.at(days_ago):
        for notice in announcement.notices.all():
            announcing.note_receipt(notice, by=company.lead(), receipt=company.letter(f"Delivered to {notice.customer}"))
