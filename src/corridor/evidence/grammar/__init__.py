"""A strict grammar of reports, its languages in folders of data: what it is not sure of it leaves out."""
