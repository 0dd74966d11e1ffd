"""The sample company's Trust Center: open for half a year, with a notice that is over and one promise of which numbers are not shown."""

from collections.abc import Sequence

from upheld.registers.sampling import Company, PlantedFault
from upheld.registers.trust import noticing, opening
from upheld.registers.trust.models import Shown

FAULTS: Sequence[PlantedFault] = ()


def keep(company: Company) -> None:
    """Open the Trust Center, and tell of an outage that is over."""
    lead = company.lead()
    with company.at(180):
        center = opening.open_trust_center(
            by=lead,
            company="Sample Ltd",
            contact="security@sample.example",
            about="We run loyalty programmes for shops: cards, points and the letters that go with them.",
            public=Shown.NUMBERS,
        )
        opening.show_promise(
            by=lead,
            promise="iso:1.3.5",
            public=Shown.STATE,
            customers=Shown.NUMBERS,
            why="How many contracts we have is told to customers alone.",
        )
    with company.at(41.2):
        notice = noticing.publish_notice(
            by=lead,
            title="Cards could not be read in shops",
            text="Since this morning shops cannot read cards. No data are lost.",
        )
    with company.at(41):
        noticing.update_notice(notice, by=lead, text="A certificate had run out. It was renewed, and shops come back one by one.")
    with company.at(40.9):
        noticing.end_notice(notice, by=lead, text="All shops read cards again. Points of the day were added by hand.")
    with company.at(3):
        opening.change_trust_center(center, by=lead, company="Sample Ltd", contact=center.contact, about=center.about, public=Shown.NUMBERS)
