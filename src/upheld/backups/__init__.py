"""What is known of this workspace's own backups and of the restores that tried them: rows, each entered in the ledger with it."""
