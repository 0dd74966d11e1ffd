"""Drills of the chapter incidents: what is reported, how it is handled, and what it teaches."""
