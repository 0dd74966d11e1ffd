"""Drills of the chapter access: how one signs in."""
