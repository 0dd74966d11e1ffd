"""What the sample company keeps in suppliers: who hosts, pays, films and carries for it, and how they were looked at."""

from datetime import timedelta
from typing import Any

from upheld.accounts.role import Role
from upheld.checks.span import Span
from upheld.registers.sampling import BUYER, LEAD, MARKETING, PEOPLE, TECHNOLOGY, Company, PlantedFault
from upheld.registers.suppliers import agreements, chains, changes, onboarding, reviews
from upheld.registers.suppliers.looking_models import AssuranceKind, Decision, ReviewKind, ReviewOutcome
from upheld.registers.suppliers.models import Provides, Supplier, Tier

FAULTS = (
    PlantedFault(
        "The agreement with the agency that makes our films ran out three weeks ago; it works on.",
        breaks=[("suppliers/agreement_in_force", "registers/film-agency")],
    ),
    PlantedFault(
        "Nobody has looked at the translators for fourteen months.",
        breaks=[("suppliers/reviewed_in_time", "registers/translators")],
    ),
    PlantedFault(
        "The payroll service has not told whom it uses for more than a year.",
        breaks=[("suppliers/supply_chain_covered", "registers/payroll-service")],
    ),
    PlantedFault(
        "The cloud moved its support to another country three days ago, and nobody had assessed that.",
        breaks=[("suppliers/change_reassessed", "registers/2")],
    ),
    PlantedFault(
        "The report on the data centre of the cloud runs out in three weeks.",
        soon=[("physical/provider_assurance_current", "registers/north-cloud")],
    ),
)
SECURITY, CHAIN = "security-terms", "own-suppliers"
CAREFUL = [Tier.HIGH, Tier.CRITICAL]
# Title, owner, what it provides, what for, class, whether it touches our information, days since it was engaged, and since its last look.
WHO: dict[str, tuple[str, str, list[Provides], str, Tier, bool, int, int]] = {
    "north-cloud": (
        "North Cloud", TECHNOLOGY, [Provides.HOSTING, Provides.DATA_CENTRE], "Runs our servers and stores", Tier.CRITICAL, True, 900, 120,
    ),
    "payroll-service": ("Payroll Service", PEOPLE, [Provides.SOFTWARE], "Works out and pays wages", Tier.HIGH, True, 700, 90),
    "film-agency": ("Film Agency", MARKETING, [Provides.OTHER], "Makes films of our customers", Tier.MEDIUM, True, 390, 200),
    "translators": ("Translators", MARKETING, [Provides.OTHER], "Translate contracts", Tier.HIGH, True, 800, 425),
    "parcel-service": ("Parcel Service", BUYER, [Provides.OTHER], "Carries parcels", Tier.LOW, False, 800, 0),
}  # fmt: skip
TOLD = {"north-cloud": 100, "payroll-service": 380, "translators": 60}


def keep(company: Company) -> None:
    """Keep what the chapter has, oldest first."""
    lead = company.lead()
    with company.at(1000):
        for name, title, tiers, chain in (
            (SECURITY, "Security and confidentiality", [Tier.MEDIUM, *CAREFUL], False),
            (CHAIN, "The same terms for their own suppliers", CAREFUL, True),
        ):
            agreements.set_requirement(by=lead, name=name, title=title, text=f"{title}.", tiers=tiers, supply_chain=chain)
    for name in WHO:
        _engage(company, name)
    _looked_at(company)
    _changed(company)


def _engage(company: Company, name: str) -> None:
    title, owner, provides, what, tier, touches, engaged, _ = WHO[name]
    keeper, lead = company.person(owner, Role.OWNER), company.lead()
    with company.at(engaged + 30):
        said: dict[str, Any] = {"title": title, "owner": owner, "provides": provides, "what": what, "tier": tier, "touches": touches}
        supplier = onboarding.propose_supplier(by=keeper, name=name, personal_data=touches, countries=["nh"], **said)
        risks = "It could fail, lose what we gave it, or show it to others."
        assessment = onboarding.assess_supplier(supplier, by=keeper, risks=risks, mended_by="Terms, and a second offer at hand.")
    with company.at(engaged + 20):
        onboarding.approve_supplier(assessment, by=lead)
        if touches:
            agreement = agreements.enter_agreement(
                supplier,
                by=keeper,
                title="Terms",
                signed_on=company.day(engaged + 25),
                from_on=company.day(engaged + 20),
                until_on=company.day(21) if name == "film-agency" else None,
                document=company.letter(f"Agreement with {title}"),
                requirements=[SECURITY, CHAIN] if tier in CAREFUL else [SECURITY],
                recovery_time=Span(12, "hour"),
                change_notice=Span(30, "day"),
                breach_notice=Span(24, "hour"),
            )
            agreements.check_agreement(agreement, by=lead)
    with company.at(engaged):
        onboarding.engage_supplier(Supplier.objects.get(name=name), by=keeper, from_on=company.day(engaged))


def _looked_at(company: Company) -> None:
    by_name = {each.name: each for each in Supplier.objects.all()}
    for name, (_, owner, *_, looked) in WHO.items():
        keeper = company.person(owner, Role.OWNER)
        if looked:
            with company.at(looked):
                note = "Asked, read their reports, and tried their support."
                reviews.review_supplier(by_name[name], by=keeper, kind=ReviewKind.REVIEW, outcome=ReviewOutcome.GOOD, note=note)
        if name in TOLD:
            with company.at(TOLD[name]):
                chains.note_disclosure(by_name[name], by=keeper, document=company.letter(f"Whom {name} uses"))
    with company.at(100):
        cloud, keeper = by_name["north-cloud"], company.person(TECHNOLOGY, Role.OWNER)
        said = {"title": "Northern Power", "what": "Runs the hall", "country": "nh"}
        chains.add_subcontractor(cloud, by=keeper, from_on=company.day(900), **said)
        report = reviews.add_assurance(
            cloud,
            by=keeper,
            kind=AssuranceKind.SOC2,
            title="SOC 2 type 2",
            from_on=company.day(345),
            until_on=company.day(-21),
            document=company.letter("SOC 2 report on North Cloud"),
        )
    with company.at(95):
        reviews.read_assurance(report, by=company.lead(), good=True, note="Covers the halls that we use.")


def _changed(company: Company) -> None:
    cloud, keeper = Supplier.objects.get(name="north-cloud"), company.person(TECHNOLOGY, Role.OWNER)
    with company.at(80):
        change = changes.note_change(
            cloud, by=keeper, what="Disks are encrypted with keys of ours", takes_effect_at=company.ago(50), systems=["files"]
        )
    with company.at(75):
        change = changes.reassess_change(change, by=keeper, risks="Less can be read by others; a lost key loses data.", tier=Tier.CRITICAL)
    with company.at(70):
        changes.decide_change(change, by=company.person(LEAD, Role.SECURITY_LEAD), decision=Decision.ACCEPT)
    with company.at(20):
        changes.note_change(
            cloud, by=keeper, what="Support answers from another country",
            takes_effect_at=company.ago(3) + timedelta(hours=1),
        )  # fmt: skip
