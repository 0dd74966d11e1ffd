"""What doors, cameras, devices, printers and stores of the sample company tell, and what is wrong there."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from upheld.evidence.table import Row
from upheld.sources.sample.calendar import Calendar
from upheld.sources.sample.planting import Ago, Edit, Fault

# Badges as the company's people hand them out: to the second administrator and the security officer; visitors wear V-1 to V-3.
BADGES = (("B-1", 1), ("B-2", 7))
VISITORS = 3
SITES = ("head-office", "branch")
HOUR = 1 / 24
HEARD_DAYS = 31  # for how long alarms and cameras have reported when the company is first read
# The laptops of an engineer and of the data protection officer, who may take them home.
TAKEN_HOME = (("LT-0023", "1023"), ("LT-0026", "1026"))
STICK = "USB-7"
PRINTER = "1023"
STORES = (
    ("customer-database", True, False, 41),
    ("files-people", False, False, 6),
    ("website-media", False, True, 150),
)
DOCUMENTS = ("contract-1.docx", "contract-2.docx", "export-1.xlsx", "export-2.xlsx", "prices.xlsx")

FAULTS: Sequence[Fault] = (
    Fault(
        "The buyer went into the server room nine days after the leave to do so had run out.",
        (("physical/entry_authorised", "sample/B-3/late"), ("physical/facility_entry_identified", "sample/B-3/late")),
        (Edit("badge_entries", ("B-3/late",), {"badge": "B-3", "zone_id": "server-room", "entered_at": Ago(3)}),),
    ),
    Fault(
        "A badge that was given to nobody opened the archive.",
        (("physical/entry_authorised", "sample/B-99/1"), ("physical/facility_entry_identified", "sample/B-99/1")),
        (Edit("badge_entries", ("B-99/1",), {"badge": "B-99", "zone_id": "archive", "entered_at": Ago(2)}),),
    ),
    Fault(
        "A visitor was let into the server room.",
        (("physical/visitors_confined", "registers/2"), ("physical/entry_authorised", "sample/V-2/2")),
        (Edit("badge_entries", ("V-2/2",), {"zone_id": "server-room"}),),
    ),
    Fault(
        "The cameras of the branch were silent for four hours, two nights ago.",
        (("physical/monitoring_continuous", "registers/branch"),),
        tuple(Edit("monitoring_heartbeats", (f"branch/{number}",), {"seen_at": Ago(2.5)}) for number in (9950, 9951, 9952)),
    ),
    Fault(
        "The head of sales works at home on a laptop that may not leave, and is on no list of those who carry one.",
        (("assets/off_site_protected", "asset/LT-0006"), ("assets/mobile_carriers_few", "person/1006")),
        (Edit("device_sightings", ("LT-0006/home",), {"device_id": "LT-0006", "person_id": "1006", "off_site": True, "seen_at": Ago(2)}),),
    ),
    Fault(
        "A stick that nobody registered was put into the file server.",
        (("assets/removable_media_authorised", "sample/USB-66/1"), ("assets/carriers_authorised", "sample/USB-66")),
        (
            Edit("mount_events", ("USB-66/1",), {
                "host_id": "files", "serial": "USB-66", "mounted_at": Ago(6), "encrypted": False, "on_premises": True,
            }),
        ),
    ),
    Fault(
        "An accountant printed invoices without having asked.",
        (("assets/print_and_copy_authorised", "sample/print/1025"),),
        (
            Edit("prints_and_copies", ("print/1025",), {
                "kind": "print", "person_id": "1025", "device": "printer-2", "company_data": True, "done_at": Ago(4),
            }),
        ),
    ),
    Fault(
        "Fourteen people can read the payroll, and ten may at most.",
        (("assets/handled_by_class", "registers/files-people/payroll"),),
        (Edit("store_states", ("files-people",), {"readers": 14}),),
    ),
    Fault(
        "An export of the customer database has lost its label.",
        (("assets/labelled", "sample/customer-database/export-2.xlsx"),),
        (Edit("store_documents", ("customer-database/export-2.xlsx",), {"label": None}),),
    ),
)  # fmt: skip


def badge_entry_rows(calendar: Calendar) -> Iterator[Row]:
    """Yield `badge_entries`: who may enter the server room does, and visitors are led into the lobby."""
    for badge, every in BADGES:
        for number, at in calendar.series(0.3, every, 20):
            yield {"id": f"{badge}/{number + 1000}", "badge": badge, "zone_id": "server-room", "entered_at": at}
    noon = calendar.ago(3).replace(hour=12, minute=0, second=0)
    for visitor in range(1, VISITORS + 1):
        for entry, minutes in ((1, 1), (2, 40)):
            at = noon - timedelta(days=7 * visitor) + timedelta(minutes=minutes)
            yield {"id": f"V-{visitor}/{entry}", "badge": f"V-{visitor}", "zone_id": "lobby", "entered_at": at}


def monitoring_heartbeat_rows(calendar: Calendar) -> Iterator[Row]:
    """Yield `monitoring_heartbeats`: the cameras of each site, every hour."""
    for site in SITES:
        for number, at in calendar.series(HOUR / 2, HOUR, HEARD_DAYS * 24):
            yield {"id": f"{site}/{number + 10_000}", "site_id": site, "device": "cameras", "seen_at": at}


def device_sighting_rows(calendar: Calendar) -> Iterator[Row]:
    """Yield `device_sightings`: laptops that are taken home."""
    for device, person in TAKEN_HOME:
        for number, at in calendar.series(0.4, 1, 10):
            yield {"id": f"{device}/{number + 1000}", "device_id": device, "person_id": person, "off_site": True, "seen_at": at}


def mount_event_rows(calendar: Calendar) -> Iterator[Row]:
    """Yield `mount_events`: the one stick that is used, each month."""
    for number, at in calendar.series(5, 30, 3):
        said: Row = {"host_id": "files", "serial": STICK, "encrypted": True, "on_premises": True}
        yield {"id": f"{STICK}/{number + 100}", **said, "mounted_at": at}


def print_rows(calendar: Calendar) -> Iterator[Row]:
    """Yield `prints_and_copies`: what an engineer prints, who may."""
    for number, at in calendar.series(1, 7, 4):
        said: Row = {"kind": "print", "person_id": PRINTER, "device": "printer-2", "company_data": True}
        yield {"id": f"print/{number + 100}", **said, "done_at": at}


def store_state_rows() -> Iterator[Row]:
    """Yield `store_states`."""
    for name, customers, public, readers in STORES:
        yield {
            "id": name,
            "provider": "North Cloud",
            "region": "uksouth",
            "customer_data": customers,
            "encrypted": True,
            "public": public,
            "readers": readers,
        }


def store_document_rows() -> Iterator[Row]:
    """Yield `store_documents`: what lies in the customer database's store, each labelled."""
    for path in DOCUMENTS:
        yield {
            "id": f"customer-database/{path}",
            "store_id": "customer-database",
            "path": path,
            "label": "confidential",
            "content_class": "confidential" if path.startswith("export") else None,
            "readable": True,
        }
