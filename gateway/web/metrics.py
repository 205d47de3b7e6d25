"""What the process counts, on a registry of its own, so that two applications in one test do not share numbers."""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from channels.contract import Clock

__all__ = ["Metrics", "middleware", "watch_loop"]

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Counters by name. Labels come from closed sets only: a label from outside would let a stranger fill the memory."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=True)
        self.requests = Counter("throughline_requests", "HTTP requests.", ("method", "route", "status"), registry=self.registry)
        self.latency = Histogram("throughline_request_seconds", "Time to answer.", ("route",), buckets=_SECONDS, registry=self.registry)
        self.intake = Counter(
            "throughline_intake", "Facts taken in: accepted, duplicate, poisoned, forged.", ("channel", "outcome"), registry=self.registry
        )
        self.deliveries = Counter(
            "throughline_deliveries", "Deliveries settled, by outcome.", ("channel", "outcome"), registry=self.registry
        )
        self.sockets = Gauge("throughline_sockets", "Open websockets.", registry=self.registry)
        self.socket_refused = Counter(
            "throughline_socket_refused", "Frames, events and sockets dropped, by reason.", ("reason",), registry=self.registry
        )
        self.loop_lag = Gauge("throughline_loop_lag_seconds", "How late the event loop woke up last.", registry=self.registry)
        self.queue_waiting = Gauge("throughline_queue_waiting", "Conversations waiting for an agent.", registry=self.registry)
        self.loop_runs = Counter(
            "throughline_loop_runs", "Rounds of background loops, by end.", ("loop", "outcome"), registry=self.registry
        )

    def drop(self, reason: str) -> None:
        """For the socket guard: one frame, event or socket was refused."""
        self.socket_refused.labels(reason).inc()


def middleware(metrics: Metrics, clock: Clock) -> Middleware:
    """Counts requests by route pattern, never by path. Outermost, so that it sees the answers to errors; websockets are not timed."""

    @web.middleware
    async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
        start = clock.monotonic()
        status = 500
        try:
            response = await handler(request)
            status = response.status
            return response
        except web.HTTPException as error:
            status = error.status
            raise
        finally:
            resource = request.match_info.route.resource
            route = "unmatched" if resource is None else resource.canonical
            method = request.method if request.method in _METHODS else "other"
            metrics.requests.labels(method, route, str(status)).inc()
            if status != 101:
                metrics.latency.labels(route).observe(clock.monotonic() - start)

    return count


async def watch_loop(metrics: Metrics, clock: Clock, seconds: float = 1.0) -> None:
    """Until cancelled: sleeps and records how much too long it took. Over 0.1 s something blocks the loop."""
    while True:
        start = clock.monotonic()
        await clock.sleep(seconds)
        metrics.loop_lag.set(max(0.0, clock.monotonic() - start - seconds))


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
