"""`python -m app.cli`: the command line without its installed name."""

from app.cli import app

app()
