"""Everything clinical, as data: decision tables, criteria, papers and readings."""
