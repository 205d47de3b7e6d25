"""Who is really calling, and how the public address reads: proxy headers count only from configured proxies."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Sequence

from aiohttp import web

from gateway.errors import ConfigError

__all__ = ["Network", "is_trusted", "limit_key", "peer", "public_base", "trusted_proxies"]

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:[0-9]{1,5})?")
_HOPS = 20
"""More hops than any real chain of proxies; the rest of a padded header is not looked at."""


def trusted_proxies(texts: Iterable[str]) -> tuple[Network, ...]:
    """Addresses and networks ("10.0.0.5", "10.0.0.0/8", "::1") as networks; raises ConfigError for anything else."""
    networks: list[Network] = []
    for text in texts:
        try:
            networks.append(ipaddress.ip_network(text.strip()))
        except ValueError as error:
            raise ConfigError(f"“{text}” is not the address or network of a proxy.") from error
    return tuple(networks)


def is_trusted(address: str | Address, trusted: Sequence[Network]) -> bool:
    """Whether it is the address of one of our proxies."""
    parsed = _address(address) if isinstance(address, str) else address
    return parsed is not None and any(parsed in network for network in trusted)


def peer(request: web.Request, trusted: Sequence[Network] = ()) -> str:
    """The caller's address, "" when there is none.

    A Unix socket has no address and is reached by nobody but a proxy on this machine, so it counts as one. X-Forwarded-For is read from the right, as far as every hop is one of ours: what a caller writes there itself is never reached.
    """
    nearest = _address(_socket_peer(request))
    if nearest is not None and not is_trusted(nearest, trusted):
        return str(nearest)
    hops = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
    for hop in reversed(hops[-_HOPS:]):
        address = _address(hop)
        if address is None:
            break
        nearest = address
        if not is_trusted(address, trusted):
            break
    return "" if nearest is None else str(nearest)


def limit_key(address: str) -> str:
    """What a rate limit counts by: an IPv4 address, or the /64 of an IPv6 one, since one customer line owns a whole /64 (RFC 6177)."""
    parsed = _address(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return address


def public_base(request: web.Request, trusted: Sequence[Network] = (), configured: str | None = None) -> str:
    """ "https://chat.example.com" without a slash: the configured one, else what the proxy or the request says. "" for a senseless Host."""
    if configured:
        return configured.rstrip("/")
    scheme, host = request.scheme, request.headers.get("Host", "")
    nearest = _address(_socket_peer(request))
    if nearest is None or is_trusted(nearest, trusted):
        scheme = _last(request, "X-Forwarded-Proto") or scheme
        host = _last(request, "X-Forwarded-Host") or host
    if scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return ""
    return f"{scheme}://{host.lower()}"


def _socket_peer(request: web.Request) -> str:
    # Not request.remote: that one can be replaced by request.clone().
    transport = request.transport
    name = None if transport is None else transport.get_extra_info("peername")
    return str(name[0]) if isinstance(name, tuple) else ""


def _last(request: web.Request, name: str) -> str:
    """The value of the nearest proxy: each one appends on the right."""
    return ",".join(request.headers.getall(name, [])).rsplit(",", 1)[-1].strip().lower()


def _address(text: str) -> Address | None:
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address
