"""The one file that names concrete classes: it makes the parts and puts them together."""
