"""Which tables the registers fill, and with what."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from upheld.evidence.table import Row
from upheld.registers.access import rows as access
from upheld.registers.assets import rows as assets
from upheld.registers.authorization import review_rows
from upheld.registers.authorization import rows as authorization
from upheld.registers.backup import rows as backup
from upheld.registers.change import rows as change
from upheld.registers.compliance import audit_rows
from upheld.registers.compliance import rows as compliance_rows
from upheld.registers.continuity import rows as continuity
from upheld.registers.cryptography import rows as cryptography
from upheld.registers.governance import policy_rows, rows
from upheld.registers.incidents import log_rows
from upheld.registers.incidents import rows as incidents
from upheld.registers.operations import rows as operations
from upheld.registers.people import rows as people
from upheld.registers.physical import entry_rows as physical_entry
from upheld.registers.physical import rows as physical
from upheld.registers.privacy import disclosing_rows as privacy_disclosing
from upheld.registers.privacy import keeping_rows as privacy_keeping
from upheld.registers.privacy import processing_rows as privacy_processing
from upheld.registers.privacy import rows as privacy
from upheld.registers.privacy import sharing_rows as privacy_sharing
from upheld.registers.recorded import record_steps, register_states, step_rules
from upheld.registers.separation import rows as separation
from upheld.registers.suppliers import rows as suppliers
from upheld.registers.transfer import rows as transfer

Rows = Callable[[], Iterable[Row]]

TABLES: Mapping[str, Rows] = MappingProxyType(
    {
        each.__name__: each
        for each in (
            rows.responsibilities,
            rows.responsibility_holders,
            rows.responsibility_activities,
            rows.owner_roles,
            rows.jurisdictions,
            rows.authority_contacts,
            rows.group_memberships,
            rows.projects,
            rows.project_assessments,
            policy_rows.policies,
            policy_rows.policy_topics,
            policy_rows.policy_versions,
            policy_rows.policy_approvals,
            policy_rows.policy_acknowledgements,
            policy_rows.policy_handovers,
            policy_rows.policy_reviews,
            policy_rows.policy_changes,
            policy_rows.outside_parties,
            operations.systems,
            operations.runbooks,
            operations.capacity_orders,
            backup.approved_readers,
            backup.restore_requests,
            backup.record_classes,
            backup.record_holds,
            backup.filed_records,
            backup.release_authorisations,
            backup.record_checks,
            change.changes,
            change.design_reviews,
            change.deployments,
            change.release_acceptances,
            change.platform_tests,
            change.code_reviews,
            change.software_rules,
            change.software_requests,
            change.system_descriptions,
            change.required_procedures,
            operations.network_admissions,
            operations.malware_gateways,
            operations.malware_tests,
            privacy.data_categories,
            privacy.customers,
            privacy.customer_contracts,
            privacy_sharing.subprocessors,
            privacy_sharing.transfers,
            privacy_sharing.shared_customers,
            privacy_sharing.announced_changes,
            privacy_sharing.customer_notices,
            privacy_sharing.objections,
            privacy_sharing.published_destinations,
            privacy_processing.processings,
            privacy_processing.processing_scopes,
            privacy_processing.instructions,
            privacy_processing.customer_information_requests,
            privacy_processing.consents,
            privacy_processing.sign_ups,
            privacy_keeping.data_sets,
            privacy_keeping.temporary_places,
            privacy_keeping.subject_requests,
            privacy_keeping.contract_ends,
            privacy_keeping.store_searches,
            privacy_disclosing.legal_requests,
            privacy_disclosing.disclosures,
            privacy_disclosing.transmissions,
            suppliers.suppliers,
            suppliers.supplier_requirements,
            suppliers.supplier_agreements,
            suppliers.supplier_issues,
            suppliers.subcontractors,
            suppliers.supplier_changes,
            suppliers.assurance_reports,
            incidents.incident_categories,
            incidents.security_events,
            incidents.incidents,
            incidents.incident_steps,
            incidents.incident_notices,
            incidents.incident_reviews,
            incidents.incident_follow_ups,
            incidents.log_detections,
            log_rows.log_sources,
            log_rows.log_faults,
            people.undertakings,
            people.data_authorisations,
            people.courses,
            people.course_completions,
            physical.sites,
            physical.perimeters,
            physical.zones,
            physical.zone_doors,
            physical.zone_control_rules,
            physical.zone_controls,
            physical.protections,
            physical.inspections,
            physical.security_services,
            physical_entry.zone_authorisations,
            physical_entry.zone_rule_acknowledgements,
            physical_entry.badges,
            physical_entry.visits,
            physical_entry.deliveries,
            audit_rows.audits,
            audit_rows.audit_auditors,
            audit_rows.audit_scopes,
            audit_rows.promise_chapters,
            audit_rows.audit_bodies,
            audit_rows.audit_findings,
            audit_rows.managed_areas,
            audit_rows.area_reviews,
            audit_rows.technical_reviews,
            audit_rows.audit_windows,
            audit_rows.audit_activities,
            compliance_rows.licences,
            compliance_rows.licence_rules,
            compliance_rows.requirements,
            compliance_rows.requirement_promises,
            compliance_rows.certifications,
            compliance_rows.certificates,
            continuity.processes,
            continuity.process_dependencies,
            continuity.continuity_plans,
            continuity.continuity_exercises,
            continuity.exercise_follow_ups,
            assets.registered_assets,
            assets.asset_classes,
            assets.asset_custodies,
            assets.use_acknowledgements,
            assets.asset_permissions,
            assets.information_assets,
            assets.handling_rules,
            assets.registered_stores,
            assets.sanitisations,
            assets.disposals,
            access.remote_work_approvals,
            access.enrolled_devices,
            access.disclosed_credentials,
            access.secret_links,
            authorization.business_roles,
            authorization.role_entitlements,
            authorization.conflict_rules,
            authorization.approved_grantors,
            authorization.access_requests,
            authorization.granted_requests,
            authorization.emergency_accesses,
            review_rows.access_reviews,
            review_rows.review_items,
            review_rows.staff_cases,
            cryptography.registered_keys,
            cryptography.key_destructions,
            cryptography.key_witnesses,
            cryptography.cryptography_rules,
            transfer.transfer_channels,
            transfer.channel_addresses,
            transfer.shipments,
            separation.environment_doors,
            separation.function_rules,
            separation.test_data_sets,
            record_steps,
            register_states,
            step_rules,
        )
    }
)
