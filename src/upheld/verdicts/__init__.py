"""How each measure and promise has stood through time, and the findings that are open."""
