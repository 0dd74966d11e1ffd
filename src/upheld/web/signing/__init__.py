"""Signing in: what the sign-in library asks us, who is behind a request, and the pages of one's own account."""
