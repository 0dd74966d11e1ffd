"""Every action of the Trust Center, declared by being imported."""

from upheld.registers.trust import customer_audits, noticing, opening, questionnaires, sharing

__all__ = ["customer_audits", "noticing", "opening", "questionnaires", "sharing"]
