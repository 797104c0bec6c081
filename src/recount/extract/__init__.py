"""Files into raw tables: every cell as text, every row with its number. Judges nothing."""
