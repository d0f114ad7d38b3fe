"""What a second read is: its model, its rules, its records, its documents and its statistics."""
