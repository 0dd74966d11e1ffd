"""A company that does not exist, to try the product on: people, systems and evidence made from a seed, with faults planted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from upheld.evidence.collection import Collecting
from upheld.sources.sample.calendar import Calendar
from upheld.sources.sample.company import company
from upheld.sources.sample.faults import UNSEEN
from upheld.sources.sample.rights import REQUESTED_DAYS
from upheld.sources.sample.staff import SMALLEST
from upheld.sources.source import Misconfigured, Setting

LARGEST = 100_000


@dataclass(frozen=True)
class Sample:
    """A connection to the company that `seed` makes."""

    seed: str
    people: int

    def test(self) -> str:
        """Say what will be made."""
        return f"A company of {self.people} people that does not exist, made from seed {self.seed}."

    def collect(self, into: Collecting) -> None:
        """Make every row, as the company stands at the collection's instant."""
        calendar = Calendar(_founded_at(into), into.seen_at)
        made = company(self.seed, self.people, calendar)
        for done, (name, rows) in enumerate(made.items()):
            into.progress(f"sample {name}", done, len(made))
            into.rows(name, rows)
        for unseen in UNSEEN:
            if unseen.column:
                into.denied(unseen.table, unseen.column, unseen.why)
            else:
                into.cut_short(unseen.table, unseen.why)
        into.note("This company does not exist; its faults are planted and listed in docs/sources/sample.md.")


class SampleKind:
    """The kind of source called "sample"."""

    name: ClassVar[str] = "sample"
    title: ClassVar[str] = "A sample company, made from a seed"
    tables: ClassVar[Sequence[str]] = (
        "people", "systems", "accounts", "groups", "grants", "grantors", "approved_grantors", "role_entitlements", "granted_requests",
        "conflict_rules", "password_rules", "host_accounts", "api_tokens", "sign_ins", "devices", "hosts", "volumes", "packages",
        "package_deviations", "approved_deviations", "privileged_files", "allowed_utilities", "sudo_rules", "logon_settings",
        "clock_readings", "capacity_readings", "endpoints", "keys", "registered_keys", "backups", "restore_tests", "repositories",
        "commits", "releases", "release_tests", "components", "component_licences", "scans", "scan_findings", "badge_entries",
        "monitoring_heartbeats", "device_sightings", "mount_events", "prints_and_copies", "store_states", "store_documents",
        "mail_domains", "transactions", "network_sightings", "flows", "export_events", "marketing_uses", "temporary_sweeps",
        "data_set_ages", "store_readers", "store_downloads", "endpoint_software", "managed_devices", "code_files", "secret_scans",
        "exposed_secrets", "written_places", "app_builds", "reachability_probes", "application_permissions", "test_data_scans",
        "tenant_tables", "tenant_probes", "remote_sessions", "sessions",
    )  # fmt: skip
    settings: ClassVar[Sequence[Setting]] = (
        Setting("seed", "whatever the company is to be made from; the same seed gives the same company", default="1"),
        Setting("people", f"how many people, from {SMALLEST} to {LARGEST}", default="150"),
    )
    least_rights: ClassVar[str] = "None: nothing is contacted."
    notice: ClassVar[str] = "Sample data: this company does not exist."

    def connect(self, settings: Mapping[str, str]) -> Sample:
        """Return the company; raises `Misconfigured` when `people` is not a number that makes a company."""
        people = settings["people"]
        if not people.isdecimal() or not SMALLEST <= int(people) <= LARGEST:
            raise Misconfigured(f"people is {people!r}; give a number from {SMALLEST} to {LARGEST}")
        return Sample(settings["seed"], int(people))


SAMPLE = SampleKind()


def _founded_at(into: Collecting) -> datetime:
    """Return when the company was first collected, which its requests remember; now, when this is the first time.

    All ages refer to that instant, so that a later collection differs only by what happened since.
    """
    approved = (row.get("approved_at") for row in into.known("granted_requests"))
    first = min((at for at in approved if isinstance(at, datetime)), default=None)
    return (first + timedelta(days=REQUESTED_DAYS) if first else into.seen_at).replace(microsecond=0)
