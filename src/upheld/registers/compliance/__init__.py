"""Compliance: audits with findings and samples, technical and managers' reviews, licences, requirements, certificates."""
