"""Several readings of one patient: what is accepted, and how well readers agree."""
