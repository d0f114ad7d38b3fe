"""The words of a second read as frozen values; standard library only."""
