"""One patient across the lines of therapy."""
