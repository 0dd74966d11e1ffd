"""The whole sample company as rows of tables: one in which nothing is wrong, and then the planted faults."""

from collections.abc import Iterable, Sequence

from upheld.evidence.table import Row
from upheld.sources.sample import code, cryptography, equipment, keeping, looked_into, machines, places, rights, shipped, traffic
from upheld.sources.sample.accounts import account_rows, accounts
from upheld.sources.sample.calendar import Calendar
from upheld.sources.sample.dice import Dice
from upheld.sources.sample.faults import FAULTS
from upheld.sources.sample.planting import Fault, Tables, by_key, plant
from upheld.sources.sample.staff import Staff, hire, people_rows
from upheld.sources.sample.systems import system_rows


def company(seed: str, size: int, calendar: Calendar, faults: Sequence[Fault] = FAULTS) -> dict[str, list[Row]]:
    """Return every row of every table of a company of `size` people, with `faults` planted."""
    dice = Dice(seed)
    staff = hire(dice, calendar, size)
    clean = {
        **_people_and_rights(dice, calendar, staff),
        **_things(dice, calendar, staff),
        **_told(calendar),
        **_passing(dice, calendar),
        **_looked_into(dice, calendar, staff),
    }
    tables: Tables = {name: by_key(name, list(rows)) for name, rows in clean.items()}
    for fault in faults:
        for edit in fault.edits:
            plant(edit, tables, calendar)
    return {name: list(rows.values()) for name, rows in tables.items()}


def _people_and_rights(dice: Dice, calendar: Calendar, staff: Staff) -> dict[str, Iterable[Row]]:
    found = accounts(staff, calendar)
    return {
        "people": people_rows(staff),
        "systems": system_rows(staff),
        "accounts": account_rows(dice, calendar, found),
        "groups": rights.group_rows(staff),
        "grants": rights.grant_rows(calendar, found),
        "grantors": rights.grantor_rows(found),
        "approved_grantors": rights.approved_grantor_rows(staff),
        "role_entitlements": rights.role_entitlement_rows(staff),
        "granted_requests": rights.granted_request_rows(staff, calendar),
        "conflict_rules": rights.conflict_rule_rows(),
        "password_rules": rights.password_rule_rows(),
        "host_accounts": machines.host_account_rows(found),
        "api_tokens": equipment.api_token_rows(calendar, found),
        "sign_ins": equipment.sign_in_rows(dice, calendar, found),
    }


def _things(dice: Dice, calendar: Calendar, staff: Staff) -> dict[str, Iterable[Row]]:
    return {
        "devices": equipment.device_rows(dice, calendar, staff),
        "hosts": machines.host_rows(dice, calendar),
        "volumes": machines.volume_rows(dice),
        "packages": machines.package_rows(),
        "package_deviations": machines.package_deviation_rows(),
        "approved_deviations": machines.approved_deviation_rows(staff, calendar),
        "privileged_files": machines.privileged_file_rows(dice),
        "allowed_utilities": machines.allowed_utility_rows(staff),
        "sudo_rules": machines.sudo_rule_rows(),
        "logon_settings": machines.logon_setting_rows(),
        "clock_readings": machines.clock_reading_rows(dice, calendar),
        "capacity_readings": machines.capacity_reading_rows(dice, calendar),
        "endpoints": cryptography.endpoint_rows(dice, calendar),
        "keys": cryptography.key_rows(calendar),
        "registered_keys": cryptography.registered_key_rows(calendar, staff),
        "backups": keeping.backup_rows(dice, calendar),
        "restore_tests": keeping.restore_test_rows(dice, calendar),
        "repositories": code.repository_rows(dice, calendar),
        "commits": code.commit_rows(dice, calendar, staff),
        "releases": code.release_rows(dice, calendar),
        "release_tests": code.release_test_rows(dice, calendar),
        "components": shipped.component_rows(calendar),
        "component_licences": shipped.component_licence_rows(),
        "scans": shipped.scan_rows(dice, calendar),
        "scan_findings": shipped.scan_finding_rows(dice, calendar),
    }


def _told(calendar: Calendar) -> dict[str, Iterable[Row]]:
    return {
        "badge_entries": places.badge_entry_rows(calendar),
        "monitoring_heartbeats": places.monitoring_heartbeat_rows(calendar),
        "device_sightings": places.device_sighting_rows(calendar),
        "mount_events": places.mount_event_rows(calendar),
        "prints_and_copies": places.print_rows(calendar),
        "store_states": places.store_state_rows(),
        "store_documents": places.store_document_rows(),
    }


def _passing(dice: Dice, calendar: Calendar) -> dict[str, Iterable[Row]]:
    return {
        "mail_domains": traffic.mail_domain_rows(),
        "transactions": traffic.transaction_rows(dice, calendar),
        "network_sightings": traffic.network_sighting_rows(calendar),
        "flows": traffic.flow_rows(calendar),
        "export_events": traffic.export_event_rows(calendar),
        "marketing_uses": traffic.marketing_use_rows(calendar),
        "temporary_sweeps": traffic.temporary_sweep_rows(calendar),
        "remote_sessions": traffic.remote_session_rows(calendar),
        "sessions": traffic.session_rows(calendar),
        "data_set_ages": traffic.data_set_age_rows(calendar),
    }


def _looked_into(dice: Dice, calendar: Calendar, staff: Staff) -> dict[str, Iterable[Row]]:
    return {
        "store_readers": looked_into.store_reader_rows(),
        "store_downloads": looked_into.store_download_rows(calendar),
        "endpoint_software": looked_into.endpoint_software_rows(dice, calendar, staff),
        "managed_devices": looked_into.managed_device_rows(dice, calendar, staff),
        "code_files": looked_into.code_file_rows(dice, calendar),
        "secret_scans": looked_into.secret_scan_rows(calendar),
        "exposed_secrets": (),
        "written_places": looked_into.written_place_rows(calendar),
        "app_builds": looked_into.app_build_rows(dice),
        "reachability_probes": looked_into.reachability_probe_rows(calendar),
        "application_permissions": looked_into.application_permission_rows(),
        "test_data_scans": looked_into.test_data_scan_rows(calendar),
        "tenant_tables": looked_into.tenant_table_rows(),
        "tenant_probes": looked_into.tenant_probe_rows(calendar),
    }
