"""What the company itself wants done again and again, beyond what its registers and measures ask for."""
