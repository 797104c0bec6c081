"""The server: the site, Explore and the API, read-only, in one process."""
