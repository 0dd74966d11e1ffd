"""Upheld: published security and privacy promises, kept, tested on the real systems, and provable by anyone."""
