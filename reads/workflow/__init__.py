"""The use cases of a second read, one a file: each changes the records or raises a DomainError."""
