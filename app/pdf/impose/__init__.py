"""Imposition: finished pages on press sheets, with all that the guillotine and its operator need."""
