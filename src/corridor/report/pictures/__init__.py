"""Pictures drawn from the data of figures, and from nothing else."""
