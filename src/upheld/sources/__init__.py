"""Connections to real systems: a folder a kind, each with get.py (asks) and shape.py (answers to rows, pure)."""
