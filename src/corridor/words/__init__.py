"""The catalogue: every sentence that a reader of page and briefing meets, in every language."""
