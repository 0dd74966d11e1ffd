"""Registers of the chapter change: changes, deployments, releases, software, and what is written about systems."""
