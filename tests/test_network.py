"""Nothing keeps the client waiting beyond its deadline or leads it to an address that it must not meet."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.clients import fetcher, hasty, outcome
from tests.support.servers import Asked, Reply, answer, closed_port, dead_end, drip, hang, reset, site
from tracker.collect.addresses import Guard
from tracker.collect.network import Backend, Budget, Meter, resolve
from tracker.errors import DeadlineExceeded, Unreachable, UnsafeAddress

PAGE = answer(b"page")


SLOW: dict[str, Reply] = {
    "no answer": hang,
    "a header byte now and then": drip(b"HTTP/1.1 200 OK\r\nX-Padding: ", b"x", 0.05),
    "a body byte now and then": drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b"x", 0.05),
    "promises without end": drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.05),
}


@pytest.mark.parametrize("reply", SLOW.values(), ids=SLOW.keys())
def test_an_answer_that_takes_its_time_is_given_up_at_the_deadline(reply: Reply) -> None:
    with site({"/": reply}) as server, hasty() as fetch:
        started = time.monotonic()
        with pytest.raises(DeadlineExceeded, match=r"did not answer whole within 0\.6 s"):
            fetch.get(server.url())
        assert 0.5 < time.monotonic() - started < 1.2


def test_one_deadline_holds_for_all_redirects_of_a_fetch() -> None:
    def onward(connection: socket.socket, asked: Asked) -> None:
        time.sleep(0.25)
        connection.sendall(answer(status=302, Location=asked.path + "x"))

    with site({"*": onward}) as server, hasty() as fetch:
        with pytest.raises(DeadlineExceeded):
            fetch.get(server.url("/"))
        assert 1 < len(server.paths()) <= 3  # fewer on a busy machine, never more


def test_waiting_for_a_turn_is_not_counted() -> None:
    def slowly(connection: socket.socket, asked: Asked) -> None:
        time.sleep(0.3)
        connection.sendall(PAGE)

    with site({"*": slowly}) as server, hasty() as fetch, ThreadPoolExecutor(4) as pool:
        pages = pool.map(fetch.get, [server.url(f"/{n}") for n in range(4)])
        assert [page.body for page in pages] == [b"page"] * 4


def unreachable(port: int, dropped: int) -> dict[str, tuple[str, str]]:
    return {
        "refused": (f"http://127.0.0.1:{port}/", "connection refused"),
        "dropped": (f"http://127.0.0.1:{dropped}/", r"no answer within 0\.3 s"),
        "unknown name": ("http://nowhere.invalid/", "its name cannot be resolved"),
        "impossible name": (f"http://{'a' * 70}.example/", "its name cannot be resolved"),
    }


@pytest.mark.parametrize("case", ["refused", "dropped", "unknown name", "impossible name"])
def test_a_host_that_cannot_be_reached_is_told_in_one_clear_line(case: str) -> None:
    with closed_port() as port, dead_end() as dropped, hasty() as fetch:
        url, said = unreachable(port, dropped)[case]
        with pytest.raises(Unreachable, match=said) as caught:
            fetch.get(url)
        assert "\n" not in str(caught.value)
        assert not fetch.offline


@pytest.mark.parametrize(
    "reply", [reset, lambda connection, asked: None], ids=["reset", "closed without a word"]
)
def test_a_connection_that_is_dropped_is_unreachable(reply: Reply) -> None:
    with site({"/": reply}) as server, fetcher() as fetch, pytest.raises(Unreachable) as caught:
        fetch.get(server.url())
    assert re.search("broke the connection off|without an answer", str(caught.value))


def test_a_host_that_dropped_one_attempt_is_not_waited_for_again() -> None:
    with dead_end() as port, hasty() as fetch:
        for _ in range(5):
            started = time.monotonic()
            with pytest.raises(Unreachable):
                fetch.get(f"http://127.0.0.1:{port}/")
        assert time.monotonic() - started < 0.1


def test_one_page_that_hangs_does_not_keep_others_of_its_host_from_being_read() -> None:
    with site({"/hangs": hang, "*": PAGE}) as server, hasty() as fetch:
        for _ in range(3):
            with pytest.raises(DeadlineExceeded):
                fetch.get(server.url("/hangs"))
            assert fetch.get(server.url("/well")).body == b"page"


def test_a_resolver_that_does_not_answer_is_given_up() -> None:
    given_up, answered = threading.Event(), threading.Event()

    def late(host: str, port: int) -> list[str]:
        given_up.wait(30)
        answered.set()
        return []

    with pytest.raises(Unreachable, match=r"its name was not resolved within 0\.2 s"):
        resolve("example.org", 443, 0.2, late)
    assert not answered.is_set()
    given_up.set()
    assert answered.wait(30)


def test_a_resolver_that_does_not_answer_does_not_delay_the_end_of_the_process() -> None:
    program = (
        "import time; from tracker.collect.network import resolve\n"
        "try: resolve('example.org', 443, 0.1, lambda host, port: time.sleep(60))\n"
        "except Exception as error: print(type(error).__name__)"
    )
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout == "Unreachable\n"


def test_a_name_that_changes_its_address_after_vetting_gains_nothing() -> None:
    with (
        site({"*": PAGE}, address="127.0.0.2") as allowed,
        site(address="127.0.0.3", port=allowed.port) as trap,
    ):
        answers = iter([["127.0.0.2"], ["127.0.0.3"], ["127.0.0.3"]])
        meter = Meter()
        backend = Backend(meter, 1, Guard(["127.0.0.2"]), ask=lambda host, port: next(answers))
        with meter.spending(Budget(1)):
            stream = backend.connect_tcp("rebinding.example", allowed.port)
            assert stream.get_extra_info("server_addr")[0] == "127.0.0.2"
            stream.close()
            with pytest.raises(UnsafeAddress, match=r"rebinding\.example leads to 127\.0\.0\.3"):
                backend.connect_tcp("rebinding.example", allowed.port)
        assert trap.connections == 0


def test_the_next_address_is_tried_where_the_first_is_dead() -> None:
    with site({"*": PAGE}, address="127.0.0.2") as server:
        meter = Meter()
        backend = Backend(meter, 1, Guard(["127.0.0.0/8"]), ask=lambda host, port: ["127.0.0.9", "127.0.0.2"])
        with meter.spending(Budget(1)):
            stream = backend.connect_tcp("two.example", server.port)
            assert stream.get_extra_info("server_addr")[0] == "127.0.0.2"
            stream.close()


def test_where_packets_are_dropped_everywhere_one_verdict_ends_the_pass() -> None:
    with dead_end() as port, hasty() as fetch, ThreadPoolExecutor(8) as pool:
        urls = [f"http://127.0.0.{n}:{port}/" for n in range(1, 81)]
        said = list(pool.map(lambda url: outcome(fetch, url), urls))
        assert fetch.offline
        waited = [line for line in said if not line.startswith("off line: 3 hosts could not be reached")]
        assert len(waited) <= 40  # a few rounds of the 8 threads; on a busy machine the verdict comes later


def test_three_hosts_that_are_down_are_no_verdict_once_another_has_answered() -> None:
    with closed_port() as port, site({"/": PAGE}) as server, fetcher() as fetch:
        assert outcome(fetch, server.url()) == "page"
        for n in range(1, 6):
            assert "connection refused" in outcome(fetch, f"http://127.0.0.{n}:{port}/")
        assert not fetch.offline


def test_a_host_that_is_just_being_asked_may_still_prevent_the_verdict() -> None:
    def slowly(connection: socket.socket, asked: Asked) -> None:
        time.sleep(0.3)
        connection.sendall(PAGE)

    with (
        closed_port() as port,
        site({"/robots.txt": slowly, "/": PAGE}) as server,
        fetcher() as fetch,
        ThreadPoolExecutor(1) as pool,
    ):
        page = pool.submit(fetch.get, server.url())
        while not server.asked:
            time.sleep(0.01)
        for n in range(1, 5):
            assert "connection refused" in outcome(fetch, f"http://127.0.0.{n}:{port}/")
        assert page.result().body == b"page"
        assert not fetch.offline
