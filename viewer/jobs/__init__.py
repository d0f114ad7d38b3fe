"""Work that goes on after the page has answered, and goes on again after a kill."""
