"""Pages on who has access: deciding in a review, who had what when, and opening a first secret."""
