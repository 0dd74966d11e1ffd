"""Registers out of and into tables: CSV and XLSX, with a preview of what would change, and the lines that are wrong given back."""
