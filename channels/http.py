"""HTTP with strangers: addresses from outside are fetched so that nobody inside can be reached, answers become the five outcomes."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Iterable, Mapping
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from channels.contract import Broken, Later, Micros, Never, SendError, Unknown, Unreachable

MAX_REDIRECTS = 3
MAX_SECONDS = 10.0
MAX_RETRY_AFTER = 86_400.0

Network = IPv4Network | IPv6Network
Lookup = Callable[[str, int], Awaitable[list[str]]]
"""lookup(host, port) → IP addresses; raises OSError. The system's resolver unless a test brings its own."""

# IANA special-purpose address registries (RFC 6890). Python's is_global is asked as well, but it moves between releases.
_CLOSED_NETWORKS = """
    0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.31.196.0/24
    192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3
    ::/96 ::ffff:0:0/96 ::ffff:0:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 3fff::/20
    5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8
"""
_CLOSED: tuple[Network, ...] = tuple(map(ip_network, _CLOSED_NETWORKS.split()))
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PORTS = frozenset({80, 443})


class SafeFetch:
    """The one fetcher for addresses that come from outside; matches `contract.Fetch`.

    http and https on ports 80 and 443 only; the name is looked up once and the connection goes to the address that was checked;
    every redirect is checked again, three at most; no cookies, no credentials, no proxies; nothing is unpacked. `allow` lists what
    the operator opens: a host ("files.intern.example", on 80 and 443), a host and port ("127.0.0.1:8080"), a network ("10.1.0.0/16").
    """

    def __init__(self, allow: Iterable[str] = (), lookup: Lookup | None = None) -> None:
        entries = [entry.strip().lower() for entry in allow]
        self._networks = tuple(ip_network(entry, strict=False) for entry in entries if "/" in entry)
        self._hosts = frozenset(entry[1:-1] if entry.endswith("]") else entry for entry in entries if "/" not in entry)
        self._lookup = lookup or _system_lookup
        self._session: aiohttp.ClientSession | None = None

    async def __call__(self, url: str, limit: int, seconds: float) -> bytes:
        """The body, at most `limit` bytes, within `seconds` (10 at most). Raises SendError: Never when the address or the size is
        refused, Later when the network fails, and what `outcome` says about any other answer."""
        try:
            async with asyncio.timeout(min(seconds, MAX_SECONDS)):
                return await self._follow(url, limit)
        except TimeoutError as error:
            raise Later("The other side took too long to answer.") from error
        except aiohttp.InvalidURL as error:
            raise Never("This address cannot be fetched.") from error
        except (aiohttp.ClientError, OSError) as error:
            raise Later(f"The address could not be reached ({type(error).__name__}).") from error

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _follow(self, address: str, limit: int) -> bytes:
        url = self._checked(address)
        for _ in range(MAX_REDIRECTS + 1):
            async with self._opened().get(url, allow_redirects=False) as response:
                target = response.headers.get("Location")
                if response.status in _REDIRECTS and target is not None:
                    url = self._checked(_joined(url, target))
                    continue
                refused = outcome(response.status, response.headers)
                if refused is not None:
                    raise refused
                return await _body(response, limit)
        raise Never(f"The address leads on more than {MAX_REDIRECTS} times.")

    def _checked(self, address: str) -> URL:
        """What can be decided before any name is looked up."""
        if len(address) > 4_000 or "\\" in address or not address.isprintable() or any(map(str.isspace, address)):
            raise Never("This address cannot be fetched.")
        try:
            url = URL(address)
            host, port = url.raw_host, url.port
        except ValueError as error:
            raise Never("This address cannot be fetched.") from error
        if url.scheme not in ("http", "https") or not host or port is None:
            raise Never("Only http and https addresses are fetched.")
        if url.raw_user is not None or url.raw_password is not None:
            raise Never("Addresses with a user name or a password are not fetched.")
        if port not in _PORTS and not self._opened_by_name(host, port):
            raise Never("Only ports 80 and 443 are fetched.")
        if _is_ip(host):
            self._check(host, host, port)
        return url

    def _check(self, ip: str, host: str, port: int) -> None:
        address = ip_address(ip.partition("%")[0])
        if self._opened_by_name(host, port) or any(address in network for network in self._networks):
            return
        if _is_closed(address):
            raise Never("This address lies inside a network that is closed to fetching.")

    def _opened_by_name(self, host: str, port: int) -> bool:
        host = host.lower().rstrip(".")
        exactly = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        return exactly in self._hosts or (port in _PORTS and host in self._hosts)

    async def _vetted(self, host: str, port: int) -> list[str]:
        found = await self._lookup(host, port)
        for ip in found:
            self._check(ip, host, port)
        return found

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(resolver=_Vetting(self._vetted), use_dns_cache=False, force_close=True, limit=20)
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                headers={"Accept-Encoding": "identity", "User-Agent": "Throughline"},
                trust_env=False,
            )
        return self._session


class _Vetting(AbstractResolver):
    """Hands the connector exactly the addresses that were checked: there is no second look-up that could answer otherwise."""

    def __init__(self, vetted: Lookup) -> None:
        self._vetted = vetted

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=ip,
                port=port,
                family=socket.AF_INET6 if ":" in ip else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for ip in await self._vetted(host, port)
        ]

    async def close(self) -> None:
        """Holds nothing."""


def outcome(status: int, headers: Mapping[str, str], now: Micros | None = None) -> SendError | None:
    """What an HTTP answer to a send means; None when it was taken (2xx). `now` is needed to read a Retry-After date.

    An adapter that knows more (an error code in the body) decides first. 504 is `Unknown`: a proxy gave up waiting, the provider
    behind it may have sent.
    """
    if 200 <= status < 300:
        return None
    said = f"The provider answered with HTTP {status}."
    if status == 504 or not 300 <= status < 600:
        return Unknown(said)
    if status in (401, 402, 403, 407):
        return Broken(said)
    if status in (404, 410):
        return Unreachable(said)
    if status < 400 or status in (408, 409, 423, 425, 429) or status >= 500:
        return Later(said, retry_after(headers, now))
    return Never(said)


def failure(error: BaseException) -> SendError:
    """What an exception during a send means: `Later` when no byte can have left, `Unknown` in all other cases."""
    name = type(error).__name__
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError | aiohttp.InvalidURL):
        return Later(f"The provider could not be reached ({name}).")
    return Unknown(f"The connection broke before the provider answered ({name}).")


def retry_after(headers: Mapping[str, str], now: Micros | None = None) -> float | None:
    """Seconds to wait by Retry-After (RFC 9110 section 10.2.3), a day at most; None when it is absent or not understood."""
    value = (headers.get("Retry-After") or headers.get("retry-after") or "").strip()
    if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,6})?", value):
        return min(float(value), MAX_RETRY_AFTER)
    if now is None or not value:
        return None
    try:
        at = parsedate_to_datetime(value).timestamp()
    except (ValueError, OverflowError, OSError):
        return None
    return min(max(at - now / 1_000_000, 0.0), MAX_RETRY_AFTER)


def _joined(url: URL, target: str) -> str:
    try:
        return str(url.join(URL(target)))
    except ValueError as error:
        raise Never("The address leads on to one that cannot be fetched.") from error


async def _body(response: aiohttp.ClientResponse, limit: int) -> bytes:
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Never("The file came packed, although it was asked for as it is.")
    if (response.content_length or 0) > limit:
        raise Never(f"The file is larger than {limit:,} bytes.")
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > limit:
            raise Never(f"The file is larger than {limit:,} bytes.")
    return bytes(body)


async def _system_lookup(host: str, port: int) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _is_ip(host: str) -> bool:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _is_closed(address: IPv4Address | IPv6Address) -> bool:
    return (
        not address.is_global
        or address.is_multicast
        or any(address in network for network in _CLOSED if network.version == address.version)
    )
