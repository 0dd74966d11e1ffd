"""The append-only, tamper-evident ledger: what happened, provable to anyone without trusting who runs it."""
