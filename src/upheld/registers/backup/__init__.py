"""Registers of the chapter backup: who may read stores, restores, and records that must be kept."""
