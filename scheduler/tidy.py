"""Deletes what may not be kept longer."""

from datetime import timedelta

from models.clock import Clock
from models.inbox import delete_letters

LETTER_LIFE = timedelta(days=180)


async def tidy_inbox(clock: Clock) -> int:
    """Delete answered letters older than ``LETTER_LIFE``; return how many."""
    return await delete_letters(clock.now() - LETTER_LIFE)
