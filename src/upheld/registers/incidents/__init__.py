"""Events that anybody reports, incidents that come of them, how they are handled by playbooks, and what they teach."""
