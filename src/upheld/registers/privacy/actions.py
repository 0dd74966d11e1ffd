"""Everything that can be done in the chapter privacy: importing this declares all of its actions."""

from upheld.registers.privacy import announcing, categories, contracts, customers, objections, sharing

__all__ = ["announcing", "categories", "contracts", "customers", "objections", "sharing"]
