"""Everything that can be done in the chapter governance: importing this declares all of its actions."""

from upheld.registers.governance import contacts, policies, projects, publishing, responsibilities

__all__ = ["contacts", "policies", "projects", "publishing", "responsibilities"]
