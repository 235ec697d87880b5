"""Looks whether an address can be listened on, before anything is begun that would have to be ended again."""

import socket

from bot.troubles import PortError


def refuse_taken_port(host: str, port: int, *, other: str) -> None:
    """Raise PortError when nothing can listen at ``host``:``port``; ``other`` is the command for another port."""
    if port == 0:
        return
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        raise PortError(error, host=host, port=port, other=other) from error
