"""A strict grammar of English reports: what it is not sure of it leaves out."""
