"""Looking after a workspace: backups of it, bringing them back, and taking it over from an older release."""
