"""What /metrics counts: routes, status codes and seconds. Never a text, a token or a client."""

from __future__ import annotations

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest

REQUESTS = Counter("mainakagi_web_requests", "Requests answered.", ["route", "method", "status"])
SECONDS = Histogram(
    "mainakagi_web_seconds",
    "Seconds until a request was answered.",
    ["route"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5),
)
UNREADABLE = Counter("mainakagi_web_unreadable", "Requests that were no HTTP.")
NO_ROUTE = "none"
"""The route of an address we do not have."""

_METHODS = frozenset({"GET", "HEAD", "POST"})


def count(request: web.Request, status: int, seconds: float) -> None:
    """Count one answered request under its route (`/k/{token}`), never under its address."""
    route = route_of(request)
    REQUESTS.labels(route, request.method if request.method in _METHODS else "other", str(status)).inc()
    SECONDS.labels(route).observe(seconds)


def route_of(request: web.Request) -> str:
    """The route's pattern, or NO_ROUTE."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else NO_ROUTE


async def serve(request: web.Request) -> web.Response:
    """GET /metrics, in Prometheus' text format."""
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
