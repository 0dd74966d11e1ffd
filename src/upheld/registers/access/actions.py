"""Everything that can be done in the chapter access: importing this declares all of its actions."""

from upheld.registers.access import devices, disclosing, secrets

__all__ = ["devices", "disclosing", "secrets"]
