"""Everything that can be done in the chapter suppliers: importing this declares all of its actions."""

from upheld.registers.suppliers import agreements, chains, changes, onboarding, reviews

__all__ = ["agreements", "chains", "changes", "onboarding", "reviews"]
