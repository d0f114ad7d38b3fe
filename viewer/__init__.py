"""The program people run: command line, composition root, web application and reading room."""
