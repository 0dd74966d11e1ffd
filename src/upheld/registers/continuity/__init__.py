"""What must go on: processes, what they depend on, plans, and exercises of them."""
