"""What the sample company keeps in backup: who may read the stores, and records with their time."""

from datetime import timedelta

from upheld.checks.span import Span
from upheld.registers.backup import records, stores
from upheld.registers.backup.models import Right
from upheld.registers.sampling import FINANCE, OPERATOR, SALES, Company, PlantedFault

FAULTS = (
    PlantedFault(
        "Invoices of eleven years ago were to be destroyed last spring, and still lie with the records.",
        breaks=[("backup/records_kept", "registers/1")],
    ),
)
STORE, READERS, KEEPERS = "files:records", "backup-operators", "records-keepers"
YEAR = 365


def keep(company: Company) -> None:
    """Keep what the chapter has, oldest first."""
    repositories = sorted({str(row["repository"]) for row in company.rows("backups")})
    for store, principal in (*((each, READERS) for each in repositories), (STORE, KEEPERS)):
        with company.at(500):
            asked = stores.ask_reader(
                by=company.person(OPERATOR), store=store, principal=principal, right=Right.READ, why="They bring back what is lost."
            )
            stores.approve_reader(asked, by=company.officer())
    _records(company)


def _records(company: Company) -> None:
    lead, officer = company.lead(), company.officer()
    with company.at(480):
        kept = {
            name: records.declare_record_class(
                by=lead, name=name, title=title, store=STORE, owner=owner, keep_for=Span(years, "year"), basis="The tax code."
            )
            for name, title, owner, years in (("invoices", "Invoices", FINANCE, 10), ("contracts", "Contracts that ended", SALES, 6))
        }
        for name, title, ended in (
            ("invoices", "Invoices, eleven years ago", 11 * YEAR),
            ("invoices", "Invoices of last year", YEAR),
            ("contracts", "Contract with a shipyard that closed", 7 * YEAR),
            ("contracts", "Contract with the tannery", 2 * YEAR),
        ):
            closed_on = company.day(ended)
            records.file_record(kept[name], by=lead, title=title, closed_on=closed_on, place=f"{name}/{closed_on.year}")
    with company.at(300):
        gone = kept["contracts"].records.get(title="Contract with a shipyard that closed")
        records.destroy_record(gone, by=officer, how="Shredded; the second administrator watched.")
    with company.at(40):
        asked = records.ask_release(
            kept["invoices"],
            by=lead,
            recipient="The accountants who audit us",
            what="Invoices of last year.",
            until_on=company.day(40) + timedelta(days=30),
        )
        records.authorise_release(asked, by=officer)
