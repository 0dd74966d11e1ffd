"""Who supplies: suppliers, what was agreed with them, and how they are looked at again."""
