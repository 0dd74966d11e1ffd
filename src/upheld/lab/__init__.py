"""Real services on free ports for tests and drills, each checked to be the one we started."""
