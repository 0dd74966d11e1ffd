"""Drills on what was agreed with customers."""
