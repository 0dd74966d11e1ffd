"""Drills on what is kept apart: tenants, functions, environments and test data."""
