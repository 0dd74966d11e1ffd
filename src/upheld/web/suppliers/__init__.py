"""Pages about suppliers: a questionnaire as whoever sent it sees it, and as a supplier answers it by a link."""
