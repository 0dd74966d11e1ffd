"""What people and programs are told: mail and webhooks, queued with what they tell of, tried again, and never lost without a word."""
