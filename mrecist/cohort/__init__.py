"""The same verdicts over arrays of patients."""
