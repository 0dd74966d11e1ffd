"""Drills of the chapter assets: devices and systems."""
