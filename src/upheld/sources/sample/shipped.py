"""What the sample company ships: the components of its products, their licences, and what scanners find in them."""

from collections.abc import Iterator, Sequence

from upheld.evidence.table import Row
from upheld.sources.sample.calendar import Calendar
from upheld.sources.sample.dice import Dice
from upheld.sources.sample.planting import Ago, Edit, Fault
from upheld.sources.sample.systems import SYSTEMS

PRODUCTS = ("storefront", "billing")
# Each night: the repositories, and the machines whose packages are listed.
SCANNED = (*PRODUCTS, "infrastructure", *(system.id for system in SYSTEMS if system.kind == "host"))
COMPONENTS = (
    ("django", "5.2.1", "MIT"), ("lxml", "5.4.0", "MIT"), ("pillow", "11.2.1", "MIT"), ("requests", "2.32.4", "Apache-2.0"),
    ("cryptography", "45.0.3", "Apache-2.0"), ("tzdata", "2025.2", "Apache-2.0"),
)  # fmt: skip
SCANNER = {"tool": "Trivy", "tool_version": "0.63.0", "format": "trivy", "rules": None, "unknowns": 0, "whole": True}
MENDED_AFTER_DAYS = 40

FAULTS: Sequence[Fault] = (
    Fault(
        "A known hole in a component of billing has been open for six weeks.",
        (
            ("compliance/technical_findings_in_time", "sample/billing/CVE-2026-1007"),
            ("suppliers/component_vulnerabilities_in_time", "sample/billing/lxml"),
            ("change/security_tests_run", "product/sample/billing"),
        ),
        (
            Edit("scan_findings", ("billing/CVE-2026-1007",), {
                "system_id": "billing", "tool": "Trivy", "rule_id": "CVE-2026-1007", "title": "Reads files through a crafted document",
                "place": "lxml 5.4.0", "severity": "high", "state": "open", "found_at": Ago(44), "reported_at": Ago(0.3),
                "scan_id": "billing/trivy",
            }),
        ),
    ),
    Fault(
        "The storefront holds a component under a licence that was ruled out.",
        (("compliance/licence_allowed", "sample/storefront/ghostprint"),),
        (
            Edit("components", ("storefront/ghostprint",), {
                "product_id": "storefront", "name": "ghostprint", "version": "1.4", "purl": "pkg:pypi/ghostprint@1.4", "made_at": Ago(1),
            }),
            Edit("component_licences", ("storefront/ghostprint/1/AGPL-3.0-only",), {
                "component_id": "storefront/ghostprint", "choice": 1, "licence_id": "AGPL-3.0-only",
            }),
        ),
    ),
    Fault(
        "A release of the storefront went out although a security test had failed.",
        (("change/security_tests_run", "release/sample/storefront/v1.19"),),
        (Edit("release_tests", ("storefront/v1.19/crafted input",), {"passed": False}),),
    ),
)  # fmt: skip


def component_rows(calendar: Calendar) -> Iterator[Row]:
    """Yield `components`, as the bills of materials say that each night's build writes."""
    for product in PRODUCTS:
        for name, version, _ in COMPONENTS:
            yield {
                "id": f"{product}/{name}",
                "product_id": product,
                "name": name,
                "version": version,
                "purl": f"pkg:pypi/{name}@{version}",
                "made_at": calendar.ago(1),
            }


def component_licence_rows() -> Iterator[Row]:
    """Yield `component_licences`: one for each component."""
    for product in PRODUCTS:
        for name, _, licence in COMPONENTS:
            component = f"{product}/{name}"
            yield {"id": f"{component}/1/{licence}", "component_id": component, "choice": 1, "licence_id": licence}


def scan_rows(dice: Dice, calendar: Calendar) -> Iterator[Row]:
    """Yield `scans`: each repository and each host every night."""
    for product in SCANNED:
        at = calendar.latest(dice.number(f"scan/{product}", 2, 9) / 24, 1)
        yield {"id": f"{product}/trivy", "system_id": product, **SCANNER, "finished_at": at, "database_at": at, "findings": 1}


def scan_finding_rows(dice: Dice, calendar: Calendar) -> Iterator[Row]:
    """Yield `scan_findings`: the newest of the storefront; each is mended before it is too old."""
    number, found_at = list(calendar.series(20, MENDED_AFTER_DAYS, 1))[-1]
    cve = f"CVE-2026-{2000 + number}"
    yield {
        "id": f"storefront/{cve}",
        "system_id": "storefront",
        "tool": "Trivy",
        "rule_id": cve,
        "title": "Takes long over a crafted picture",
        "place": "pillow 11.2.1",
        "severity": "medium",
        "state": "open",
        "found_at": found_at,
        "reported_at": calendar.latest(dice.number("scan/storefront", 2, 9) / 24, 1),
        "scan_id": "storefront/trivy",
    }
