"""A customer's photo on its way to paper: read, cropped, turned into ink. All of it in bounded processes.

`read.py` opens what came, `crop.py` chooses what is seen of it, `develop.py` makes the picture of each panel;
`worker.py` does all that where it can harm nothing.
"""
