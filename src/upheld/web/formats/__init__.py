"""How dates are written in each language of the interface; Django looks here."""
