"""Corridor: an executable model of a crisis in which people are cut off."""

__version__ = "0.1.0"
