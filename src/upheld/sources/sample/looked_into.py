"""What was looked into at the sample company: stores, software, code, apps, tests and what keeps things apart; and what is wrong there."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from upheld.evidence.table import Row
from upheld.sources.sample import code, equipment
from upheld.sources.sample.calendar import Calendar
from upheld.sources.sample.dice import Dice
from upheld.sources.sample.planting import Ago, Edit, Fault
from upheld.sources.sample.staff import Staff
from upheld.sources.sample.systems import SYSTEMS

RECORDS = "files:records"  # the store of contracts and invoices
READERS = "backup-operators"
KEEPERS = "records-keepers"
SOFTWARE = {"laptop": (("Firefox", "142.0"), ("LibreOffice", "25.8")), "phone": (("Company Portal", "6.2"),)}
TENANT_TABLES = ("public.orders", "public.invoices")
PAGES = ("runbooks", "architecture", "features")

FAULTS: Sequence[Fault] = (
    Fault(
        "The agency that makes our films can read the website's backups.",
        (("backup/access_minimal", "reader/sample/backup:website/film-agency/read"),),
        (
            Edit("store_readers", ("backup:website/film-agency/read",), {
                "store_id": "backup:website", "principal": "film-agency", "access": "read",
            }),
        ),
    ),
    Fault(
        "An editor put a program on a laptop that trades files with strangers.",
        (("change/endpoint_software_allowed", "sample/LT-0031"),),
        (Edit("endpoint_software", ("LT-0031/store/Swarmer",), {
            "device_id": "LT-0031", "manager": "store", "name": "Swarmer", "version": "3.1",
        }),),
    ),
    Fault(
        "The password of a build account stands in a file of the infrastructure's repository.",
        (("access/no_secrets_in_the_open", "sample/git.example.org/infrastructure"),),
        (
            Edit("exposed_secrets", ("git.example.org/infrastructure/deploy.sh/14",), {
                "scan_id": "git.example.org/infrastructure", "system_id": "git", "file": "deploy.sh", "line": 14, "kind": "Secret Keyword",
                "fingerprint": "a" * 32, "accepted": False,
            }),
        ),
    ),
    Fault(
        "The page that describes what the mail service can do is gone from the wiki.",
        (("change/architecture_documented", "sample/mail/features"),),
        (Edit("written_places", ("wiki/features/mail",), {"reachable": False, "tried_at": Ago(0.2), "said": "404 Not Found"}),),
    ),
)  # fmt: skip


def store_reader_rows() -> Iterator[Row]:
    """Yield `store_readers`: who may read backups, and the records."""
    held = [(f"backup:{system.id}", READERS) for system in SYSTEMS] + [(RECORDS, KEEPERS)]
    for store, principal in held:
        yield {"id": f"{store}/{principal}/read", "store_id": store, "principal": principal, "access": "read"}


def store_download_rows(calendar: Calendar) -> Iterator[Row]:
    """Yield `store_downloads`: what restores read, from within, and records that were given to the accountants."""
    for number, at in calendar.series(4, 30, 3):
        said: Row = {"store_id": "backup:crm", "principal": READERS, "address": "10.0.0.9", "outside": False}
        yield {"id": f"backup:crm/{number + 100}", **said, "at": at}
    said = {"store_id": RECORDS, "principal": KEEPERS, "address": "198.51.100.7", "outside": True}
    yield {"id": f"{RECORDS}/audit", **said, "at": calendar.ago(35)}


def endpoint_software_rows(dice: Dice, calendar: Calendar, staff: Staff) -> Iterator[Row]:
    """Yield `endpoint_software`: the same on each laptop and phone in use."""
    for device in equipment.device_rows(dice, calendar, staff):
        for name, version in SOFTWARE[str(device["kind"])] if device["in_use"] else ():
            said: Row = {"device_id": device["id"], "manager": "store", "name": name, "version": version}
            yield {"id": f"{device['id']}/store/{name}", **said}


def managed_device_rows(dice: Dice, calendar: Calendar, staff: Staff) -> Iterator[Row]:
    """Yield `managed_devices`: the phones, all enrolled."""
    for device in equipment.device_rows(dice, calendar, staff):
        if device["kind"] == "phone":
            told = {name: device[name] for name in ("id", "name", "kind", "mobile", "encrypted", "passcode", "operating_system")}
            said: Row = {"owner_ref": device["owner_id"], "enrolled": True, "compliant": True, "tampered": False}
            yield {**told, **said, "last_contact_at": device["last_seen_at"]}


def code_file_rows(dice: Dice, calendar: Calendar) -> Iterator[Row]:
    """Yield `code_files`: what the last five commits of each repository changed."""
    for repository in code.REPOSITORIES:
        for number, at in list(code.landed(dice, calendar, repository))[-5:]:
            path = f"src/part_{number % 5}.py"
            said: Row = {"repository_id": repository, "path": path, "suffix": ".py"}
            oid = dice.token(f"commit/{repository}/{number}", 40)
            yield {"id": f"{repository}/{path}", **said, "changed_in": oid, "changed_at": at}


def secret_scan_rows(calendar: Calendar) -> Iterator[Row]:
    """Yield `secret_scans`: each repository, each night."""
    for repository in code.REPOSITORIES:
        place = f"git.example.org/{repository}"
        said: Row = {"system_id": "git", "place": place, "files": 900, "unread": 0}
        yield {"id": place, **said, "scanned_at": calendar.latest(0.3, 1)}


def written_place_rows(calendar: Calendar) -> Iterator[Row]:
    """Yield `written_places`: pages of the company's wiki, tried each day."""
    for system in SYSTEMS:
        for page in PAGES:
            said: Row = {"reachable": True, "said": "200 OK", "tried_at": calendar.latest(0.2, 1)}
            yield {"id": f"wiki/{page}/{system.id}", **said}


def app_build_rows(dice: Dice) -> Iterator[Row]:
    """Yield `app_builds`: the shop's app, for both kinds of phones."""
    for platform in ("android", "ios"):
        yield {
            "id": dice.token(f"app/{platform}", 64),
            "app": "org.example.shop",
            "app_version": "4.2",
            "platform": platform,
            "cleartext_permitted": False,
            "cleartext_domains": [],
            "cleartext_hosts": [],
            "hosts": ["api.example.org"],
            "pinned": ["api.example.org"],
        }


def reachability_probe_rows(calendar: Calendar) -> Iterator[Row]:
    """Yield `reachability_probes`: from the test shop, which reaches nothing in operation."""
    for system, port in (("erp", 443), ("crm", 5432)):
        said: Row = {
            "from_system_id": "test-shop",
            "to_system_id": system,
            "address": f"{system}.example.org",
            "port": port,
            "reached": False,
        }
        yield {"id": f"test-shop/{system}/{port}", **said, "probed_at": calendar.latest(0.5, 1)}


def application_permission_rows() -> Iterator[Row]:
    """Yield `application_permissions` of the customer database."""
    for function, roles in (("customers: export", ("manager",)), ("customers: read", ("manager", "support"))):
        for role in roles:
            yield {"id": f"crm/{function}/{role}", "system_id": "crm", "function": function, "role": role}


def test_data_scan_rows(calendar: Calendar) -> Iterator[Row]:
    """Yield `test_data_scans`: the made-up orders, looked at each week and compared with production."""
    said: Row = {"system_id": "files", "place": "/srv/test/orders", "sampled": 2000, "of_rows": 2000, "found": []}
    yield {"id": "files/srv/test/orders", **said, "compared": True, "in_production": 0, "scanned_at": calendar.latest(1, 3)}


def tenant_table_rows() -> Iterator[Row]:
    """Yield `tenant_tables` of the customer database."""
    for name in TENANT_TABLES:
        yield {"id": f"crm/{name}", "system_id": "crm", "name": name, "secured": True, "forced": True, "policies": 2}


def tenant_probe_rows(calendar: Calendar) -> Iterator[Row]:
    """Yield `tenant_probes`: one customer trying to get at what is another's."""
    for name in TENANT_TABLES:
        for attempt in ("read", "write"):
            said: Row = {"system_id": "crm", "role": "tenant_museum", "name": name, "attempt": attempt, "succeeded": False}
            at = calendar.latest(0.6, 1) + timedelta(minutes=1)
            yield {"id": f"crm/tenant_museum/{name}/{attempt}", **said, "said": "no rows", "probed_at": at}
