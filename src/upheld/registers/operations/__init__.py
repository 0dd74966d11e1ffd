"""What is run: systems, what is done by written procedure on each, and capacity on order."""
