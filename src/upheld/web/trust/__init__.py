"""The Trust Center: what was published, how it stands and how anybody verifies it, without signing in; made of what is public alone."""
