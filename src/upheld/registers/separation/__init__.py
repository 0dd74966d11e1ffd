"""Registers of the chapter separation: doors between environments, functions and their roles, and test data."""
