"""What leaves the product for others to hold: bundles that an auditor verifies and re-performs."""
