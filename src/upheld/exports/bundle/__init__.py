"""A bundle: proofs, rows, queries and verdicts of one promise, document, chapter or period, in one file that needs none of us."""
