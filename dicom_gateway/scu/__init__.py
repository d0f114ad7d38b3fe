"""We as client of other nodes: C-ECHO and C-STORE."""
