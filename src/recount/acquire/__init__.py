"""Released files, found in a folder and known by their content."""
