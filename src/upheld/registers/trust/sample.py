"""The sample company's Trust Center: open for half a year, with a notice that is over, a shared report, and a questionnaire."""

from collections.abc import Sequence

from upheld.actions.files import keep_file
from upheld.registers.privacy.models import Customer
from upheld.registers.sampling import Company, PlantedFault
from upheld.registers.trust import customer_audits, noticing, opening, questionnaires, sharing
from upheld.registers.trust.asked_models import How, Reply
from upheld.registers.trust.models import Shown

FAULTS: Sequence[PlantedFault] = ()
QUESTIONS = (
    "Are accounts of people who leave closed without delay?",
    "Is multi-factor authentication used for access from outside?",
    "Do you test that backups can be restored?",
    "Are sub-processors announced before they start?",
    "Do you store the numbers of payment cards?",
)


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
    _documents(company)
    _questionnaire(company)


def _documents(company: Company) -> None:
    """Share a report with every customer, on terms that each agrees to first."""
    lead = company.lead()
    with company.at(30):
        terms = sharing.publish_terms(
            by=lead,
            title="Confidentiality of reports",
            text="What is fetched here is for the customer's own assessment of us. It is passed on to nobody.",
        )
        sharing.share_document(
            by=lead,
            title="Penetration test of the points service",
            file=keep_file(_page("Sample: report of a penetration test. Two findings, both mended.")),
            terms=terms,
            what="What a tester from outside tried in spring, what was found, and when it was mended.",
        )


def _page(said: str) -> bytes:
    """Return a PDF of one page that says `said`."""
    drawn = f"BT /F1 14 Tf 60 740 Td ({said}) Tj ET".encode("ascii")
    parts = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    made, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += b"%d 0 obj%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(made)
    return made + b"xref\n0 6\n0000000000 65535 f \n" + table + end


def _questionnaire(company: Company) -> None:
    """Let a customer send its own questionnaire, of which one question is answered, and ask to audit the company."""
    shipyard, lead = Customer.objects.get(name="shipyard"), company.lead()
    asked = "".join(f"{number},{each},,\n" for number, each in enumerate(QUESTIONS, 1))
    with company.at(9):
        file = company.letter(f"No.,Question,Answer,Comment\n{asked}")
        made = questionnaires.receive_questionnaire(shipyard, by=lead, title="Yearly questionnaire", file=file, file_name="yearly.csv")
    with company.at(8):
        questionnaires.write_reply(made, by=lead, number=len(QUESTIONS), says=Reply.NOT_APPLICABLE, words="We keep no cards' numbers.")
    with company.at(7):
        customer_audits.note_audit_request(
            shipyard,
            by=lead,
            title="Audit of how orders are handled",
            what="Who can see our members' orders, and how backups are tried.",
            how=How.REMOTE,
            from_on=company.day(-20),
            until_on=company.day(-40),
        )
