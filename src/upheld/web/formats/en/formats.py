"""As people write them in English: 4 May 2026, 12:00."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, H:i"
