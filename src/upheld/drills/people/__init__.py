"""Drills of the chapter people: who works here."""
