"""The API: registers to read, actions to do, described by OpenAPI from the same declarations."""
