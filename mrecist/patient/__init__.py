"""One patient judged, line by line, and why."""
