"""Erasing a person: live copies deleted, the key of sealed ones destroyed, every proof left standing, and a receipt of what was done."""
