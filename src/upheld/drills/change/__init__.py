"""Drills on how changes come about."""
