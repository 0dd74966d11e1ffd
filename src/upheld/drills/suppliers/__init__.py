"""Drills on suppliers."""
