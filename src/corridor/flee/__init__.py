"""Flee's folders, run by Flee's daily rules on counts of people instead of one object for each person."""
