"""Pages: server-rendered, readable without script."""
