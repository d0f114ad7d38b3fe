"""Serves the application by waitress."""

from __future__ import annotations

from typing import Any

from flask import Flask

CHANNEL_TIMEOUT_S = 60
FORWARDED = {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}


def listen(app: Flask, host: str, port: int, threads: int, https: bool) -> Any:
    """A listening waitress server; ``run()`` serves, ``effective_port`` is the port it got, ``close()`` ends it.

    With ``https`` a proxy on this machine ends TLS and is believed about who asks; without it, forwarding headers stay
    on the request so that ``/metrics`` can see that it was passed on.
    """
    from waitress.server import create_server

    trusted: dict[str, Any] = {"clear_untrusted_proxy_headers": False}
    if https:
        trusted = {
            "trusted_proxy": "127.0.0.1",
            "trusted_proxy_headers": FORWARDED,
            "clear_untrusted_proxy_headers": True,
        }
    return create_server(
        app, host=host, port=port, threads=threads, ident=None, channel_timeout=CHANNEL_TIMEOUT_S, **trusted
    )
