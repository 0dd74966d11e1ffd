"""The key store: a random key for each person, each dossier and each actor, outside the workspace and its backups. Knows no Django."""
