"""Everything that can be done in the chapter compliance: importing this declares all of its actions."""

from upheld.registers.compliance import audits, bundles, certificates, licences, requests, requirements, reviews, sampling, space

__all__ = ["audits", "bundles", "certificates", "licences", "requests", "requirements", "reviews", "sampling", "space"]
