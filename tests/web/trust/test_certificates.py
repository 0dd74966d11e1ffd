"""The page of certificates: what is in force, what ran out, what was withdrawn, and what is not public."""

import json
import re
from datetime import date

from django.test import Client

from upheld.accounts.person import Person
from upheld.registers.compliance.audits import add_body
from upheld.registers.compliance.certificates import add_certificate, claim_certification, withdraw_certificate
from upheld.registers.trust.models import TrustCenter


def test_a_certificate_that_ran_out_or_was_withdrawn_is_not_in_force(center: TrustCenter, lead: Person, stranger: Client) -> None:
    body = add_body(by=lead, name="cert", title="Certifiers Ltd")

    def claimed(name: str, standard: str, until: date, *, public: bool = True, agrees: bool = True) -> object:
        said = {"scope": "All that we do.", "owner": "P-lea", "from_on": date(2023, 1, 1), "public": public}
        claim = claim_certification(by=lead, name=name, standard=standard, **said)
        of = {"serial": f"N-{name}", "issued_on": date(2023, 1, 1), "until_on": until, "scope_agrees": agrees}
        return add_certificate(claim, by=lead, body=body, **of)

    later = date(2027, 1, 1)
    claimed("isms", "ISO/IEC 27001:2022", later)
    claimed("over", "ISO 9001", date(2026, 5, 3))  # the day before
    claimed("today", "ISO 14001", date(2026, 5, 4))
    claimed("other", "ISO/IEC 27018", later, agrees=False)
    claimed("kept", "ISO 45001", later, public=False)
    withdraw_certificate(claimed("gone", "ISO 22301", later), by=lead, withdrawn_on=date(2026, 5, 1))
    page = stranger.get("/trust/certificates/").content.decode()
    rows = {row.group(1): row.group(0) for row in re.finditer(r'<tr><th scope="row">(.*?)</th>.*?</tr>', page, re.S)}
    assert {standard for standard, row in rows.items() if "state upheld" in row} == {"ISO/IEC 27001:2022", "ISO 14001"}
    assert {standard for standard, row in rows.items() if "state broken" in row} == {"ISO 9001", "ISO/IEC 27018", "ISO 22301"}
    assert "withdrawn on 1 May 2026" in rows["ISO 22301"] and "3 May 2026" in rows["ISO 9001"]
    assert "45001" not in page
    told = json.loads(stranger.get("/trust/certificates/index.json").content)
    assert "45001" not in json.dumps(told)
    assert {each["standard"]: each["in_force"] for each in told["shows"]["certificates"]} == {
        name: "state upheld" in row for name, row in rows.items()
    }
