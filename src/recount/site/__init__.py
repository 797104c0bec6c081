"""The site: the record as pages that need no server, and that a server shows as they are."""
