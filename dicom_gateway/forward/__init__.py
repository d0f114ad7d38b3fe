"""From the spool into the archive, and from the archive's changes to whoever wants to know of studies."""
