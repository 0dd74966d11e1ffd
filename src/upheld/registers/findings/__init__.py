"""What people do about findings: who takes care of one, what they say, and exceptions asked for and approved."""
