"""What alembic runs for every command: the connection comes from `app.store.steps`."""

from alembic import context

from app.store.steps import options

context.configure(connection=context.config.attributes["connection"], **options())
context.run_migrations()
