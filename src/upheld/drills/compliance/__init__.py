"""Drills on audits, reviews, licences, requirements and certificates."""
