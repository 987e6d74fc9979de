"""What alembic runs for every command: the connection comes from `app.store.migrate`."""

from alembic import context

from app.store.migrate import options

context.configure(connection=context.config.attributes["connection"], **options())
context.run_migrations()
