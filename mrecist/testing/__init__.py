"""Test against `mrecist`: Hypothesis strategies, and laws that hold of any implementation."""
