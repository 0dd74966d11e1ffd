"""Drills of the chapter authorization: what one may reach, and for how long."""
