"""One source for every workflow that ships: written once in Python, saved for the editor and for the API."""
