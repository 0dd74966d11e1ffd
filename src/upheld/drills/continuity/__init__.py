"""Drills on processes, plans and exercises."""
