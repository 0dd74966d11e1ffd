"""Pages to look at logs: how much there is when, what rules found in it, and why."""
