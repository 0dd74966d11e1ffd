"""Documents of promises: the two founding ones, reading, importing, linting and coverage."""
