"""The pages: what was promised, how it stands, and how anyone can check it. Reads only."""
