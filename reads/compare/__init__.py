"""From an original report to a ledger: sections, numbered statements, and which of them speaks of which finding."""
