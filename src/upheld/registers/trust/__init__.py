"""The Trust Center: that it is open, how much of each promise it shows to whom, and notices for everybody."""
