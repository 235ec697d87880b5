"""How long what leads to a person is kept, and what deletes it then."""
