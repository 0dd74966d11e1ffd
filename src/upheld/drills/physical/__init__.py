"""Drills on doors, sites and the providers of data centres."""
