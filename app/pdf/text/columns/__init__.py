"""Many texts set at once, as columns of numbers: the way of nearly every text of a batch."""
