"""Tables computed from tables: what SQL in a measure would say badly. Pure, each with a contract and a version."""
