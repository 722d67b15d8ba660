"""The one HTTP client: polite to hosts, guarded against what they send, honest about who asks.

    get        robots.txt of the host, the request, redirects followed by hand and vetted anew, the page
    post       a request of the user's own to a place of the user's own; when each piece of its answer came
    hand_over  likewise, where the answer is only whether it was taken
    exchange   the host's turn, a connection to a vetted address, the head, the body capped and whole

A Fetcher lives for one pass and serves several threads. Hosts are asked side by side, each with one
request at a time. Nothing is tried again but a request on a kept connection that the server had closed:
trying again is the schedule's part.
"""

from __future__ import annotations

import http.cookiejar
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType

import httpcore
import httpx

from tracker.collect import answers, robots, urls
from tracker.collect.addresses import Guard
from tracker.collect.answers import Answer, Page, Stream
from tracker.collect.headers import Headers, sendable, user_agent
from tracker.collect.hosts import Gate, HostState, Reach
from tracker.collect.network import Budget, Meter
from tracker.collect.transport import Proxies, Transport, tls_context, translated
from tracker.errors import BadBody, Blocked, DeadlineExceeded, Refused, Unreachable

__all__ = ["Fetcher", "HostState", "Page", "Stream"]

MOST_HOPS = 5
POSTED = (("Content-Type", "application/json"), ("Accept-Encoding", "identity"), ("Connection", "close"))


@dataclass(slots=True)
class _Visit:
    """One fetch on its way through redirects; `own` are the caller's headers, which may be credentials.

    What has `content` is posted. When pieces of the answer came is noted where a list of `arrivals` is given.
    """

    budget: Budget
    limit: int
    whole: bool = True
    conditions: Headers = field(default_factory=list)
    own: Headers = field(default_factory=list)
    content: bytes | None = None
    arrivals: answers.Arrivals | None = None


class Fetcher:
    """Fetches pages; a context manager that closes its connections.

    `contact` stands in the User-Agent. `hosts` is what the caller has kept of hosts; it is brought up to
    date as pauses and robots.txt are learnt. `allow_addresses` lists private addresses and networks that
    may be visited, `allow_hosts` hosts that may, wherever they are. `deadline` is the network time of one
    `get` or `post` in seconds; waiting for a host's turn is not counted. `environ` names proxies and
    certificates, and is read once. UsageError where that is wrong.
    """

    def __init__(
        self,
        *,
        contact: str,
        clock: Callable[[], datetime],
        allow_addresses: tuple[str, ...] = (),
        allow_hosts: tuple[str, ...] = (),
        hosts: dict[str, HostState] | None = None,
        deadline: float = 30.0,
        connect_timeout: float = 8.0,
        max_bytes: int = 64 << 20,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self.hosts = {} if hosts is None else hosts
        self._clock, self._deadline, self._max_bytes = clock, deadline, max_bytes
        self._connect_timeout = connect_timeout
        self._gates: dict[str, Gate] = {}
        self._lock, self._reach, self._meter = threading.Lock(), Reach(), Meter()
        self._guard = Guard(allow_addresses, allow_hosts)
        self._client = httpx.Client(
            transport=Transport(
                Proxies(environ), self._guard, self._meter, tls_context(environ), connect_timeout
            ),
            headers={"User-Agent": user_agent(contact), "Accept": "*/*", "Accept-Encoding": "gzip"},
            cookies=http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(allowed_domains=[])),
            timeout=None,  # noqa: S113 - the meter limits every step
            trust_env=False,
        )

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    @property
    def offline(self) -> bool:
        """The one off-line verdict: several hosts were unreachable and none has answered."""
        return self._reach.offline

    def get(
        self, url: str, *, etag: str = "", last_modified: str = "", headers: Iterable[tuple[str, str]] = ()
    ) -> Page:
        """Fetch a page, conditionally where `etag` or `last_modified` of an earlier answer are given.

        `headers` are sent to the URL's own host only. Raises the FetchError that tells what went wrong.
        """
        self._reach.check()
        conditions = [("If-None-Match", etag), ("If-Modified-Since", last_modified)]
        visit = _Visit(
            Budget(self._deadline),
            self._max_bytes,
            conditions=[(name, value) for name, value in conditions if value],
            own=sendable(headers),
        )
        return answers.page(
            self._follow(urls.checked(url), visit, self._mind_robots), conditional=bool(visit.conditions)
        )

    def post(self, url: str, content: bytes, *, headers: Iterable[tuple[str, str]] = ()) -> Stream:
        """Post JSON and read the answer whole, noting when each piece of it came. FetchError.

        It is the user's own request to the user's own place: robots.txt is not asked for, redirects are not
        followed, and it is sent once, over a connection that is not kept for the next one to find closed.
        """
        arrivals: answers.Arrivals = []
        page = answers.page(self._posted(url, content, headers, arrivals), conditional=False)
        return Stream(page.body, page.media_type, tuple(arrivals))

    def hand_over(self, url: str, content: bytes, *, headers: Iterable[tuple[str, str]] = ()) -> int:
        """Post JSON to a place of the user's own that takes it with any 2xx status, which is returned."""
        answer = self._posted(url, content, headers)
        if not 200 <= answer.status < 300:
            asked = answer.pause.total_seconds() or None
            raise Refused(f"{answer.url.host} answered {answer.status}", answer.status, asked)
        return answer.status

    def _posted(
        self,
        url: str,
        content: bytes,
        headers: Iterable[tuple[str, str]],
        arrivals: answers.Arrivals | None = None,
    ) -> Answer:
        self._reach.check()
        own = [*POSTED, *sendable(headers)]
        visit = _Visit(Budget(self._deadline), self._max_bytes, own=own, content=content, arrivals=arrivals)
        there = urls.checked(url)
        self._guard.vet_host(there.host)
        answer = self._exchange(there, visit)
        if answer.redirects:
            raise Refused(f"{urls.shown(there)} redirects; name the place that it leads to", answer.status)
        return answer

    def _follow(self, url: httpx.URL, visit: _Visit, permit: Callable[[httpx.URL, Budget], None]) -> Answer:
        """The first answer that is no redirect, or the last one after five hops."""
        for hops in range(MOST_HOPS + 1):
            self._guard.vet_host(url.host)
            permit(url, visit.budget)
            answer = self._exchange(url, visit)
            if not answer.redirects or hops == MOST_HOPS:
                break
            there = urls.redirected(url, answer.headers["location"])
            if not urls.same_host(url, there):
                visit.own = []
            url = there
        return answer

    def _mind_robots(self, url: httpx.URL, budget: Budget) -> None:
        """Blocked where the host's robots.txt, asked for once a day, forbids the URL."""
        gate = self._gate(url)
        with gate.learning:
            if not gate.state.robots_fresh(self._clock()):
                self._learn_robots(gate, url, budget)
            if gate.rules.text != gate.state.robots:
                gate.rules = robots.Rules(gate.state.robots or "")
        if not gate.rules.allows(str(url)):
            raise Blocked(f"{urls.shown(url)} is not to be read by programs, says {gate.host}/robots.txt")

    def _learn_robots(self, gate: Gate, url: httpx.URL, budget: Budget) -> None:
        """Fetch robots.txt (RFC 9309: 4xx allows all, 5xx nothing); an old copy serves while it is broken."""
        visit = _Visit(budget, robots.MOST_BYTES, whole=False)
        answer = self._follow(urls.robots_of(url), visit, lambda url, budget: None)
        if answer.status == 429 or answer.status >= 500:
            if gate.state.robots is not None:
                return
            gate.pause(self._clock() + answers.DEFAULT_PAUSE)
            message = f"{gate.host}/robots.txt answered {answer.status}, so nothing is read there for now"
            raise Refused(message, answer.status, answers.DEFAULT_PAUSE.total_seconds())
        text = answer.body.decode("utf-8-sig", "replace") if answer.status == 200 else ""
        gate.state.robots = "" if text.lstrip().startswith("<") else text  # a web page has no rules
        gate.state.robots_fetched = self._clock()

    def _exchange(self, url: httpx.URL, visit: _Visit) -> Answer:
        """One request and its answer, when it is the host's turn."""
        gate, where = self._gate(url), urls.shown(url)
        method = "GET" if visit.content is None else "POST"
        headers = [*visit.conditions, *visit.own]
        request = self._client.build_request(method, url, headers=headers, content=visit.content)
        with (
            gate.turn(self._clock),
            self._watched(gate, visit.budget),
            self._meter.spending(visit.budget),
            translated(gate.host, where),
            closing(self._send(request)) as response,
        ):
            pause = self._note(gate, response)
            try:
                body = answers.body(response, visit.limit, visit.whole, visit.arrivals, self._meter.sent)
            except BadBody as error:
                raise BadBody(f"{where}: {error}") from error
            return Answer(url, response.status_code, response.headers, body, pause)

    def _send(self, request: httpx.Request) -> httpx.Response:
        """Send the request; once more where it met a kept connection that was no longer one."""
        try:
            return self._client.send(request, stream=True, follow_redirects=False)
        except (httpcore.ReadError, httpcore.RemoteProtocolError):
            if self._meter.connected or request.method != "GET":
                raise
        return self._client.send(request, stream=True, follow_redirects=False)

    def _note(self, gate: Gate, response: httpx.Response) -> timedelta:
        """The host has answered; it may have asked for a pause, which is returned."""
        gate.answered()
        self._reach.done(gate.host, answered=True)
        now = self._clock()
        pause = answers.pause(response.status_code, response.headers, now)
        if pause:
            gate.pause(now + pause)
        return pause

    @contextmanager
    def _watched(self, gate: Gate, budget: Budget) -> Iterator[None]:
        """Learn from the request whether the host, or any host, can be reached."""
        before, unreachable = budget.left, False
        self._reach.asking(gate.host)
        try:
            yield
        except (Unreachable, DeadlineExceeded) as error:
            unreachable = isinstance(error, Unreachable)
            gate.failed(error, before - budget.left, self._connect_timeout)
            raise
        finally:
            self._reach.done(gate.host, answered=False, unreachable=unreachable)

    def _gate(self, url: httpx.URL) -> Gate:
        host = urls.host_of(url)
        with self._lock:
            if host not in self._gates:
                self._gates[host] = Gate(host, self.hosts.setdefault(host, HostState()))
            return self._gates[host]
