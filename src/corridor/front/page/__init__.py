"""What each screen of the local page asks for, as plain data."""
