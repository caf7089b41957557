"""Alembic's entry: one engine handed over by webui.migrate, batch mode on SQLite, one naming convention."""

from alembic import context

import webui.models

engine = context.config.attributes["engine"]


def run() -> None:
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=webui.models.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            user_module_prefix="foundation.database.",
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
