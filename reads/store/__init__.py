"""The records of a second read: tables, repositories and migrations, on SQLite or PostgreSQL."""

from reads.store.database import Store, Unit

__all__ = ["Store", "Unit"]
