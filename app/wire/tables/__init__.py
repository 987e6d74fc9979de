"""Files of rows as plants get them out of other programs: CSV of any make, JSON Lines, Parquet."""
