"""Records that people keep: one app, a folder a chapter. Each folder has models, actions (the only writers) and rows for measures."""
