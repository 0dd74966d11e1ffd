"""The table of contents: a folder a chapter, one .sql file a measure, and the chapter's parameters beside them."""
