"""Everything that can be done in the chapter privacy: importing this declares all of its actions."""

from upheld.registers.privacy import (
    announcing,
    categories,
    consents,
    contracts,
    customers,
    data_sets,
    demands,
    endings,
    information,
    instructions,
    objections,
    processing,
    retention,
    sharing,
    subject_requests,
    transmitting,
)

__all__ = [
    "announcing",
    "categories",
    "consents",
    "contracts",
    "customers",
    "data_sets",
    "demands",
    "endings",
    "information",
    "instructions",
    "objections",
    "processing",
    "retention",
    "sharing",
    "subject_requests",
    "transmitting",
]
