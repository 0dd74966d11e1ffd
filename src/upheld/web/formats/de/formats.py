"""Wie man sie auf Deutsch schreibt: 4. Mai 2026, 12:00."""

DATE_FORMAT = "j. F Y"
DATETIME_FORMAT = "j. F Y, H:i"
