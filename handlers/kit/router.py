"""Finds who answers: routers in one visible order, in each the handlers in the order in which they are written."""

from collections.abc import Awaitable, Callable, Iterator, Sequence

from handlers.kit.filters import Filter
from handlers.kit.openers import note_handler
from handlers.kit.reply import Reply
from handlers.kit.scene import Scene

Handler = Callable[[Scene], Awaitable[Reply | None]]  # None: not for me after all, the next one is asked


class Router:
    """The handlers of one subject, in the order in which they are written."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.handlers: list[tuple[tuple[Filter, ...], Handler]] = []

    def on(self, *filters: Filter) -> Callable[[Handler], Handler]:
        """Register a handler for messages for which all ``filters`` hold; its plain words open something."""
        note_handler(filters)

        def register(handler: Handler) -> Handler:
            self.handlers.append((filters, handler))
            return handler

        return register

    def takers(self, scene: Scene) -> Iterator[Handler]:
        """Give the handlers that take this message, in their order."""
        return (h for filters, h in self.handlers if all(condition(scene) for condition in filters))


async def ask(routers: Sequence[Router], scene: Scene) -> Reply:
    """Return what the first handler says that takes this message and has an answer.

    A filter sees the message and the talk only; a handler whose rows tell it otherwise returns None, having changed
    nothing. Raises LookupError when nobody answers: the last router must take everything.
    """
    for router in routers:
        for handler in router.takers(scene):
            reply = await handler(scene)
            if reply is not None:
                return reply
    raise LookupError("no router takes this message: the fallback is missing")
