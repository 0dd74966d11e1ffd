"""Sites and zones with their doors, controls and protections; who may enter, visitors, deliveries, and rounds that look at all of it."""
