"""Drills on backups and on bringing them back."""
