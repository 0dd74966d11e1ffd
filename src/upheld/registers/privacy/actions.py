"""Everything that can be done in the chapter privacy: importing this declares all of its actions."""

from upheld.registers.privacy import categories, contracts, customers

__all__ = ["categories", "contracts", "customers"]
