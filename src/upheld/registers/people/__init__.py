"""What binds and prepares the people who work here: undertakings, authorisations for personal data, training, and sanctions."""
