"""Times to events over arrays of lines, for one patient and for many."""
