"""Keyed draws and how inner loops are compiled."""
