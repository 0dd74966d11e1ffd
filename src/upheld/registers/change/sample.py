"""What the sample company keeps in change: what changed and who approved it, releases, software for everybody, and what is written."""

from upheld.accounts.role import Role
from upheld.registers.change import changes, releases, software, writing
from upheld.registers.change.models import ChangeKind
from upheld.registers.change.release_models import Acceptance
from upheld.registers.change.software_models import Verdict
from upheld.registers.change.written_models import Describes
from upheld.registers.operations.models import SystemKind
from upheld.registers.sampling import ENGINEER, FINANCE, LEAD, MARKETING, TECHNOLOGY, Company, PlantedFault

FAULTS = (
    PlantedFault(
        "A release of billing went live before who answers for the accounts had accepted it.",
        breaks=[("change/release_accepted", "registers/erp")],
    ),
    PlantedFault(
        "What the HR system can do was never described.",
        breaks=[("change/architecture_documented", "sample/hr/features")],
    ),
)
RELEASES = (("website-7", "website", "website/v1.20", MARKETING, True), ("billing-3", "erp", "billing/v1.20", FINANCE, False))
DESCRIBED = (("erp", FINANCE), ("mail", TECHNOLOGY), ("ci", TECHNOLOGY), ("hr", TECHNOLOGY))
ALLOWED = ("Firefox", "LibreOffice", "Company Portal")


def keep(company: Company) -> None:
    """Keep what the chapter has, oldest first."""
    _written(company)
    with company.at(300):
        for name in ALLOWED:
            software.list_software(by=company.lead(), software=name, verdict=Verdict.ALLOWED, why="Everybody needs it.")
        software.list_software(by=company.lead(), software="Swarmer*", verdict=Verdict.DENIED, why="It hands files to strangers.")
    for release in RELEASES:
        _release(company, *release)


def _written(company: Company) -> None:
    with company.at(420):
        for kind in sorted({str(row["kind"]) for row in company.rows("systems")}):
            writing.require_procedure(by=company.lead(), system_kind=SystemKind(kind), task="restart")
    for system, owner in DESCRIBED:
        for describes in Describes:
            if (system, describes) != ("hr", Describes.FEATURES):
                with company.at(200):
                    place = f"wiki/{describes}/{system}"
                    page = writing.add_description(by=company.person(owner), system=system, describes=describes, owner=owner, place=place)
                with company.at(150):
                    writing.review_description(page, by=company.person(ENGINEER))


def _release(company: Company, name: str, system: str, release: str, owner: str, in_time: bool) -> None:
    engineer, chief = company.person(ENGINEER), company.person(TECHNOLOGY, Role.OWNER)
    with company.at(12):
        change = changes.propose_change(
            by=engineer,
            name=name,
            title=f"Release {release}",
            kind=ChangeKind.NORMAL,
            what="What was asked for since the last release.",
            systems=[system],
            from_at=company.ago(9),
            until_at=company.ago(7),
            back_out="The release before it is deployed again.",
            personal_data=True,
            carried_out_by=[ENGINEER],
        )
        looked_at = {"as_little_as_needed": True, "private_by_default": True, "erased_in_time": True}
        changes.review_design(change, by=company.officer(), said="Read the design; nothing new is kept.", **looked_at)
        asked = releases.prepare_acceptance(
            by=engineer, system=system, release=release, owner=owner, criteria=["Orders of last week come out"]
        )
    with company.at(11):
        change = changes.approve_change(change, by=chief)
        _test(company, asked)
    if in_time:
        _accept(company, asked, owner, 10)
    with company.at(8):
        changes.record_deployment(by=engineer, system=system, release=release, change=name)
    with company.at(6):
        changes.end_change(change, by=engineer, outcome="As planned.")
    if not in_time:
        _accept(company, asked, owner, 5)


def _test(company: Company, asked: Acceptance) -> None:
    for criterion in asked.criteria.all():
        releases.test_criterion(criterion, by=company.person(LEAD), met=True, evidence="Compared with the release before it.")


def _accept(company: Company, asked: Acceptance, owner: str, days: float) -> None:
    with company.at(days):
        releases.accept_release(asked, by=company.person(owner, Role.OWNER))
