"""Logs: where they lie, what their lines say, which rules they meet, and whether all of it was looked at."""
