"""What is done with a folder of cases every night, and what a night leaves behind."""
