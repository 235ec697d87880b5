"""The JSON API with bearer tokens."""
