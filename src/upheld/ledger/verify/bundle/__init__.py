"""Verifying a bundle: proofs, rows, queries and verdicts that an auditor was given, and running the queries anew. Standard library only."""
