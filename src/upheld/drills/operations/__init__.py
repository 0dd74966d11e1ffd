"""Drills on machines: their clocks and their powerful programs."""
