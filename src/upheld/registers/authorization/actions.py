"""Everything that can be done in the chapter authorization: importing this declares all of its actions."""

from upheld.registers.authorization import cases, entitlements, naming, provisioning, requests, reviews

__all__ = ["cases", "entitlements", "naming", "provisioning", "requests", "reviews"]
