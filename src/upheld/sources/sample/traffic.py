"""What goes into, out of and through the sample company: mail, transactions, networks, exports; and what is wrong there."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from upheld.evidence.table import Row
from upheld.sources.sample.calendar import Calendar
from upheld.sources.sample.dice import Dice
from upheld.sources.sample.places import TAKEN_HOME
from upheld.sources.sample.planting import Ago, Copy, Edit, Fault

ORDERS = "orders"
TRANSACTIONS = 30
SEEN_IN_OFFICE = ("02:00:5e:10:00:11", "02:00:5e:10:00:12")  # the printer and the access point that were admitted
# The channels that the company's people approved: the bank's, and the payroll service's.
SENDS = (("erp", "erp.example.org"), ("hr", "hr.example.org"))
READER = "reader-17"

FAULTS: Sequence[Fault] = (
    Fault(
        "A support agent came in from home, which nobody had agreed to.",
        (("access/remote_access_approved", "sample/vpn/1022/late"),),
        (
            Edit("remote_sessions", ("vpn/1022/late",), {
                "system_id": "vpn", "person_id": "1022", "device_id": "LT-0006", "began_at": Ago(2),
            }),
        ),
    ),
    Fault(
        "An accountant went home yesterday, and left a session open.",
        (("access/sessions_ended", "sample/desk-1025"),),
        (Edit("sessions", ("desk-1025",), {"locked": False, "active_at": Ago(0.8), "started_at": Ago(1.2)}),),
    ),
    Fault(
        "The domain that the shop writes from asks nobody to refuse forged mail.",
        (("transfer/mail_protected", "sample/shop.example.org"),),
        (Edit("mail_domains", ("shop.example.org",), {"dmarc": "none"}),),
    ),
    Fault(
        "An order reached the accounts with another amount than the shop had sent.",
        (("authorization/transactions_complete", f"{ORDERS}/T-995"),),
        (
            Edit("transactions", ("receiver/T-995",), {
                "digest": Copy("transactions", ("receiver/T-994",), "digest"),
            }),
        ),
    ),
    Fault(
        "A device that nobody registered was in the office's network last week.",
        (("operations/network_devices_authorised", "office/02:00:5e:10:00:66"),),
        (
            Edit("network_sightings", ("dhcp/office/02:00:5e:10:00:66",), {
                "network_id": "office", "hardware_address": "02:00:5e:10:00:66", "address": "192.0.2.66", "name": "raspberry",
                "way": "lease", "seen_at": Ago(6),
            }),
        ),
    ),
    Fault(
        "The customer database sent something to a mail server that no channel was approved for.",
        (("transfer/channel_registered", "crm/203.0.113.9/25"),),
        (
            Edit("flows", ("crm/203.0.113.9/25",), {
                "system_id": "crm", "address": "203.0.113.9", "port": 25, "protocol": "tcp", "seen_at": Ago(2),
            }),
        ),
    ),
    Fault(
        "The newsletter went to somebody who never asked for it.",
        (("privacy/marketing_consented", "sample/letter/stranger"),),
        (
            Edit("marketing_uses", ("letter/stranger",), {
                "system_id": "crm", "principal": "reader-18", "purpose": "newsletter", "used_at": Ago(9),
            }),
        ),
    ),
    Fault(
        "Addresses were exported for an agency, and nobody recorded that.",
        (("privacy/disclosure_recorded", "sample/EX-2"),),
        (Edit("export_events", ("EX-2",), {"system_id": "crm", "recipient": "Film Agency", "exported_at": Ago(11)}),),
    ),
)  # fmt: skip


def mail_domain_rows() -> Iterator[Row]:
    """Yield `mail_domains`: two that mail is sent from, and one that is kept for its name."""
    for domain, sends in (("example.org", True), ("shop.example.org", True), ("example.com", False)):
        yield {
            "id": domain,
            "sends": sends,
            "spf": "fail",
            "dkim": ["s1"] if sends else [],
            "dkim_missing": [],
            "dmarc": "reject",
            "dmarc_percent": 100,
            "mail_servers": ["mx.example.org"] if sends else [],
            "without_tls": [],
            "unreached": [],
            "mta_sts": "announced" if sends else "missing",
            "dane": False,
        }


def transaction_rows(dice: Dice, calendar: Calendar) -> Iterator[Row]:
    """Yield `transactions`: what the shop handed to the accounts, in the journals of both."""
    for number, at in calendar.series(0.5, 1, TRANSACTIONS):
        name = f"T-{number + 1000}"
        for journal, later in (("sender", 0), ("receiver", 2)):
            yield {
                "id": f"{journal}/{name}",
                "application": ORDERS,
                "journal": journal,
                "number": name,
                "sequence": number + 1000,
                "sender": "storefront",
                "receiver": "erp",
                "digest": dice.token(f"transaction/{number}", 64),
                "encrypted": True,
                "told_at": at + timedelta(seconds=later),
            }


def network_sighting_rows(calendar: Calendar) -> Iterator[Row]:
    """Yield `network_sightings`: what was given an address in the office."""
    for place, hardware in enumerate(SEEN_IN_OFFICE, 11):
        said: Row = {"network_id": "office", "hardware_address": hardware, "address": f"192.0.2.{place}", "way": "lease"}
        yield {"id": f"dhcp/office/{hardware}", **said, "seen_at": calendar.latest(0.2, 1)}


def flow_rows(calendar: Calendar) -> Iterator[Row]:
    """Yield `flows`: where systems were seen to have connections to."""
    for system, address in SENDS:
        said: Row = {"system_id": system, "address": address, "port": 443, "protocol": "tcp"}
        yield {"id": f"{system}/{address}/443", **said, "seen_at": calendar.latest(0.1, 1)}


def export_event_rows(calendar: Calendar) -> Iterator[Row]:
    """Yield `export_events`: the list that a customer's reader asked for, which was recorded on the day."""
    yield {"id": "EX-1", "system_id": "crm", "recipient": "A reader", "exported_at": calendar.ago(30)}


def marketing_use_rows(calendar: Calendar) -> Iterator[Row]:
    """Yield `marketing_uses`: the newsletter, to somebody who asked for it."""
    for number, at in calendar.series(12, 30, 3):
        yield {"id": f"letter/{number + 100}", "system_id": "crm", "principal": READER, "purpose": "newsletter", "used_at": at}


def temporary_sweep_rows(calendar: Calendar) -> Iterator[Row]:
    """Yield `temporary_sweeps`: each night, with nothing left there."""
    for number, at in calendar.series(0.4, 1, 7):
        yield {"id": f"exports/{number + 1000}", "place_id": "exports", "swept_at": at, "left_there": 0, "erased": 3}


def data_set_age_rows(calendar: Calendar) -> Iterator[Row]:
    """Yield `data_set_ages`: how old the oldest orders are, measured each week."""
    for number, at in calendar.series(3, 7, 4):
        said: Row = {"data_set_id": "orders", "measured_at": at, "rows_there": 41_000}
        yield {"id": f"orders/{number + 1000}", **said, "oldest_at": at - timedelta(days=700)}


def remote_session_rows(calendar: Calendar) -> Iterator[Row]:
    """Yield `remote_sessions`: who takes a laptop home comes in by the VPN in the evening."""
    for device, person in TAKEN_HOME:
        for number, at in calendar.series(0.6, 1, 10):
            told: Row = {"system_id": "vpn", "person_id": person, "device_id": device, "began_at": at}
            yield {"id": f"vpn/{person}/{number + 1000}", **told}


def session_rows(calendar: Calendar) -> Iterator[Row]:
    """Yield `sessions`: whoever is away from a desk has locked it."""
    for person in ("1022", "1025", "1028"):
        told: Row = {"system_id": "erp", "account_id": f"erp-{person}", "identifier": f"desk-{person}", "way": "desktop", "device_id": None}
        how: Row = {"interactive": True, "remote": False, "from_address": None, "locked": True, "used_mfa": True}
        yield {"id": f"desk-{person}", **told, **how, "started_at": calendar.ago(0.2), "active_at": calendar.ago(0.02)}
