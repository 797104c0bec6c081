"""Raw tables into core rows: parsed, coded, corrected; each row kept or set aside with a reason."""
