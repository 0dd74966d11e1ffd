"""What the sample company keeps in access: who may work from home and on what, secrets that came out, and first secrets."""

from datetime import datetime, timedelta

from upheld.registers.access import devices, disclosing, secrets
from upheld.registers.access.kinds import DeviceKind
from upheld.registers.evidence import held_evidence
from upheld.registers.sampling import ENGINEER, SALES, SECOND_OPERATOR, SUPPORT, TECHNOLOGY, Company, PlantedFault

FAULTS = (
    PlantedFault(
        "The first secret of an account of the website was never opened, and its time is over.",
        breaks=[("access/secret_not_shared", "registers/3")],
    ),
    PlantedFault(
        "A password of the website was read over somebody's shoulder nine days ago, and is still the same.",
        breaks=[("access/disclosed_password_reset", "registers/2")],
    ),
)
FROM_HOME = "At home only, the screen turned from windows, nobody else on the laptop, calls where nobody listens."
NOT_ENROLLED = "LT-0006"  # somebody comes in from it all the same (sources/sample/traffic.py)


def keep(company: Company) -> None:
    """Keep what the chapter has, oldest first."""
    lead = company.lead()
    told = {(str(row["device_id"]), str(row["person_id"])) for row in company.rows("remote_sessions") if row["device_id"] != NOT_ENROLLED}
    with company.at(420):
        for device, person in sorted(told):
            devices.approve_remote_work(by=lead, person=person, conditions=FROM_HOME, from_on=company.day(420))
            devices.enrol_device(by=lead, device=device, kind=DeviceKind.LAPTOP, person=person)
    _keep_disclosures(company)
    with held_evidence(["accounts"]):
        _hand_over(company)


def _keep_disclosures(company: Company) -> None:
    """A password that was changed a day after it came out, and one that was not changed since."""
    changed = {row["id"]: (str(row["user_name"]), row["password_changed_at"]) for row in company.rows("accounts")}
    for account, system, how in (
        (f"mail-{SALES}", "mail", "It was typed into a page that only looked like ours."),
        ("website-svc-render", "website", "Somebody read it over a shoulder while it was typed."),
    ):
        name, at = changed[account]
        assert isinstance(at, datetime)
        age = (company.now - at) / timedelta(days=1)
        came_out = age + 1 if system == "mail" else min(9, age * 0.6)
        with company.at(came_out):
            disclosing.report_disclosure(by=company.person(SUPPORT), system=system, account=name, how=how)


def _hand_over(company: Company) -> None:
    """Two first secrets that were opened, and one that was not."""
    for person, system, days, opened in (
        (ENGINEER, "ci", 200, True), (SECOND_OPERATOR, "monitoring", 90, True), (TECHNOLOGY, "website", 30, False),
    ):  # fmt: skip
        with company.at(days):
            link = secrets.hand_over_secret(by=company.lead(), person=person, system=system, account=f"first-{person}")
        if opened:
            with company.at(days - 0.1):
                secrets.open_secret(link, by=company.person(person))
