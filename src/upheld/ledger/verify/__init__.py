"""The verifier: checks an exported log or a proof with nothing but Python's standard library and this package's pure files."""
