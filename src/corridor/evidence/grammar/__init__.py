"""A strict grammar of English reports: what it finds it is sure of, and what it is not sure of it leaves out."""
