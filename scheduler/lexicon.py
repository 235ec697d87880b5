"""Keeps every process at the town's newest lexicon, and proposes words by night."""

import logging
from datetime import time

from models.clock import Clock, local
from models.lexicon.proposals import propose
from models.lexicon.versions import refresh_classifier
from models.town import Town

log = logging.getLogger(__name__)

FROM, UNTIL = time(3), time(4)  # when hardly anybody writes


async def refresh_lexicon(town: Town) -> int:
    """Let this process classify by the newest version; return 1 when that was another one."""
    changed = await refresh_classifier(town)
    if changed:
        log.info("another lexicon", extra={"action": "lexicon", "version": town.classifier.version})
    return int(changed)


async def propose_words(town: Town, clock: Clock) -> int:
    """Propose keywords from what people corrected, between three and four at night; return how many."""
    now = clock.now()
    return len(await propose(town, now=now)) if FROM <= local(now).time() < UNTIL else 0
