"""What tipin does, one verb a module."""
