"""Which tables the registers fill, and with what."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from upheld.evidence.table import Row
from upheld.registers.governance import policy_rows, rows
from upheld.registers.recorded import record_steps, register_states, step_rules

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
            record_steps,
            register_states,
            step_rules,
        )
    }
)
