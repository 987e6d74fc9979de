"""Gang sheets: pieces of many orders on one press sheet."""
