"""Tables of any kind into clean columns, and back."""
