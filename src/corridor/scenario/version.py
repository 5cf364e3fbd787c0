"""The version of the program: written into runs, ledgers and briefings."""

__version__ = "0.2.0"
