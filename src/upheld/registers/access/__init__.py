"""Registers of the chapter access: work from afar, mobile devices, first secrets, and secrets that came out."""
