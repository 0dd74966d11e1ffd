"""Everything that can be done in the chapter suppliers: importing this declares all of its actions."""

from upheld.registers.suppliers import agreements, answering, chains, changes, onboarding, questionnaires, reviews

__all__ = ["agreements", "answering", "chains", "changes", "onboarding", "questionnaires", "reviews"]
