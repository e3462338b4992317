"""Tools without medicine: errors, words, converters, exact arithmetic, arrays, text."""
