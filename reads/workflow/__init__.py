"""The use cases of a second read, one a file: ``f(unit, actor, ..., now)`` changes the records or raises a DomainError."""
