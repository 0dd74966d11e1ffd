"""Days and instants in this language."""
