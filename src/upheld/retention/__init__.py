"""What is over goes after the time it is kept for: never sooner than a measure, an auditor, a hold or the floors need it."""
