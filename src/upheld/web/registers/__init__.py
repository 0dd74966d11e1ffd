"""Pages of registers: lists, records, and the form of every action."""
