"""The configuration that the ``tortoise`` command reads when it makes or applies migrations."""

from bot.config import load_settings, read_environment
from models.database import tortoise_config

TORTOISE_ORM = tortoise_config(load_settings(read_environment()).database)
