"""Who answers for what, policies and who read them, contacts of authorities and groups, and projects before they are built."""
