"""Drills of the chapter governance: duties and documents."""
