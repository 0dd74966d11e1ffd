"""Formats of logs: what a line says. Pure, a file a format; each turns a line into an event, or refuses it."""
