"""Everything that can be done in the chapter authorization: importing this declares all of its actions."""

from upheld.registers.authorization import campaigns, cases, entitlements, making, naming, provisioning, requests, reviews

__all__ = ["campaigns", "cases", "entitlements", "making", "naming", "provisioning", "requests", "reviews"]
