"""A module for each format that `upheld export` writes."""
