"""Whose data are processed: categories of data, customers, and what was agreed with them."""
