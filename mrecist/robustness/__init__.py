"""A chart or cohort read again by readers who vary."""
