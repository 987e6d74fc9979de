"""A brand's past, read from a file of another program's."""
