"""Things and who has them, rules for their use, permissions to carry and print, information with its class, wiping and disposal."""
