"""Deletes what may not be kept longer."""

from datetime import timedelta

from models.clock import Clock
from models.inbox import delete_letters
from models.tallies import KEEP, forget_uses

LETTER_LIFE = timedelta(days=180)


async def tidy_inbox(clock: Clock) -> int:
    """Delete answered letters older than ``LETTER_LIFE``, and what was counted for a day's limits; return how many."""
    await forget_uses(clock.now() - KEEP)
    return await delete_letters(clock.now() - LETTER_LIFE)
