"""What people must do, and by when: the calendar that counts it, each person's work, and a feed of it for their own calendar."""
