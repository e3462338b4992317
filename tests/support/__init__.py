"""What several tests share: the oracle, generated charts, and the comparison of both engines."""
