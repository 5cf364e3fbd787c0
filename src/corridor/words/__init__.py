"""The catalogue: every sentence that a user reads, in every language."""
