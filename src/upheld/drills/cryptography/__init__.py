"""Drills on keys and on what endpoints agree to."""
