"""The local page: a server on this machine alone, thin over the calls of the front door."""
