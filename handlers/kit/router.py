"""Finds who answers: routers in one visible order, in each the first handler whose filters all hold."""

from collections.abc import Awaitable, Callable, Sequence

from handlers.kit.filters import Filter
from handlers.kit.reply import Reply
from handlers.kit.scene import Scene

Handler = Callable[[Scene], Awaitable[Reply]]


class Router:
    """The handlers of one subject, in the order in which they are written."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.handlers: list[tuple[tuple[Filter, ...], Handler]] = []

    def on(self, *filters: Filter) -> Callable[[Handler], Handler]:
        """Register a handler for messages for which all ``filters`` hold."""

        def register(handler: Handler) -> Handler:
            self.handlers.append((filters, handler))
            return handler

        return register

    def find(self, scene: Scene) -> Handler | None:
        """Return the first handler that takes this message, or None."""
        for filters, handler in self.handlers:
            if all(condition(scene) for condition in filters):
                return handler
        return None


def find_handler(routers: Sequence[Router], scene: Scene) -> tuple[str, Handler]:
    """Return the first handler of the first router that takes this message, with the router's name.

    Raises LookupError when nobody does: the last router must take everything.
    """
    for router in routers:
        handler = router.find(scene)
        if handler is not None:
            return router.name, handler
    raise LookupError("no router takes this message: the fallback is missing")
