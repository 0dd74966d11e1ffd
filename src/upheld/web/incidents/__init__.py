"""Pages of incidents: reporting one in under a minute, with an account or by a link, and one incident on a bad day."""
