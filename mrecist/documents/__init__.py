"""Case and assessment documents, and streams of them."""
