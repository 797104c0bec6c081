"""A server that listens: clients that send too much, too slowly or nothing; records that change; signals; no disk."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from recount.api import answers as api_answers
from recount.api import pools
from recount.declare.catalog import default_catalog
from recount.declare.serving import Serving, load_serving
from recount.record.build import build_record
from recount.record.manifest import MANIFEST
from serving import ask, ask_json, connect, read_response, request_bytes, running, serving, with_limits
from tiny_release import JURISDICTIONS, write_tiny_release

INDEX = "/api/v1"
FIGURES = "/api/v1/measures/people_removed/answer?where=jurisdiction%3DSuffolk%20County%2C%20MA"


@pytest.fixture(scope="module")
def declared() -> Serving:
    return load_serving(default_catalog(to_answer=True))


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory, declared: Serving) -> Iterator[int]:
    """A server that is impatient: what takes ten seconds elsewhere takes one."""
    limits = with_limits(declared, head_seconds=1, idle_seconds=1, write_seconds=1, connections=1100)
    with serving(tmp_path_factory.mktemp("home"), limits) as found:
        yield found


def within(seconds: float, happens: Callable[[], bool]) -> bool:
    """Waits for something to happen, and says whether it did."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if happens():
            return True
        time.sleep(0.02)
    return happens()


def problem(port: int, sent: bytes) -> tuple[int, dict]:
    with connect(port) as connection:
        # A server that has heard enough may close before all is sent.
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            connection.sendall(sent)
        status, headers, content = read_response(connection)
    assert headers["content-type"] == "application/problem+json"
    assert headers["x-content-type-options"] == "nosniff"
    found = json.loads(content)
    assert found["status"] == status
    return status, found


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /?" + b"a" * 10_000_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"GET /?" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: x\r\nCookie: " + b"a" * 10_000_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 100_000 + b"\r\n", 431),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"GET /\r\n\r\n", 400),
        (b"GET / HTTP/x.9\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: 1, 2\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nhello", 400),
        ("GET /\u00e9 HTTP/1.1\r\nHost: x\r\n\r\n".encode(), 400),
    ],
    ids=lambda each: each if isinstance(each, int) else each[:12].decode("latin-1"),
)
def test_what_is_too_long_or_no_http_is_told_so(port: int, sent: bytes, status: int):
    assert problem(port, sent)[0] == status


@pytest.mark.parametrize(
    "path", ["/../../etc/passwd", "/..%2f..%2fetc%2fpasswd", "/assets/../../api/app.py", "//", "/a//b.html"]
)
def test_no_path_leads_out_as_sent(port: int, path: str):
    status, _, content = ask(port, path)
    assert status == 404
    assert b"root:" not in content


@pytest.mark.parametrize("sent", [b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nX-A: "])
def test_a_head_that_does_not_arrive_is_given_up(port: int, sent: bytes):
    status, told = problem(port, sent)
    assert (status, told["type"]) == (408, "/api/v1/docs#problem-too-slow")


def test_a_head_that_trickles_is_given_up_however_many_pieces_arrive(port: int):
    with connect(port) as connection:
        began = time.monotonic()
        with contextlib.suppress(OSError):
            for each in b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: " + b"a" * 200:
                connection.sendall(bytes([each]))
                time.sleep(0.05)
        assert time.monotonic() - began < 8
        with contextlib.suppress(ConnectionResetError):
            assert read_response(connection)[0] in (408, 0)


def test_a_body_that_does_not_arrive_holds_no_connection(port: int):
    with connect(port) as connection:
        connection.sendall(request_bytes("/healthz", {"Content-Length": "1000000"}, "POST"))
        assert read_response(connection)[0] == 405
        began = time.monotonic()
        assert connection.recv(1) == b""
        assert time.monotonic() - began < 5


def test_a_connection_that_asks_nothing_is_closed(port: int):
    with connect(port) as connection:
        began = time.monotonic()
        assert connection.recv(1) == b""
        assert time.monotonic() - began < 5


def test_a_client_that_does_not_read_is_let_go(tmp_path: Path, declared: Serving):
    target = "/api/v1/tables/secure_communities_figures/rows?limit=30000"
    limits = with_limits(declared, write_seconds=1, most_page_rows=30000, idle_seconds=60)
    with running(tmp_path, limits) as (server, port):
        # Kept by then, so that it is sent at once.
        assert ask(port, target)[0] == 200
        with connect(port) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.sendall(request_bytes(target))
            assert within(5, lambda: len(server.server_state.connections) == 1)
            assert within(10, lambda: not server.server_state.connections)


def test_a_thousand_open_connections_hold_up_nobody(port: int):
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most < 4096:
        pytest.skip("needs 4,096 open files: ulimit -Hn 4096")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(allowed, 4096), most))
    with contextlib.ExitStack() as stack:
        idle = [stack.enter_context(connect(port)) for _ in range(1000)]
        for each in idle[::2]:
            each.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        began = time.monotonic()
        assert ask(port, FIGURES)[0] == 200
        assert time.monotonic() - began < 5
        assert {read_response(each)[0] for each in idle[::2]} == {200}


def test_more_connections_than_are_taken_are_told_to_come_back(tmp_path: Path, declared: Serving):
    with serving(tmp_path, with_limits(declared, connections=3)) as port, contextlib.ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(connect(port))
        time.sleep(0.2)
        with connect(port) as fourth:
            status, headers, content = read_response(fourth)
        assert (status, headers["retry-after"]) == (503, "5")
        assert json.loads(content)["type"].endswith("#problem-too-busy")


# Time, and load


class Gate:
    """Holds answers back until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.entered, self.opened = threading.Event(), threading.Event()
        make = api_answers._make_answer

        def wait(*given):
            self.entered.set()
            while not self.opened.is_set():
                time.sleep(0.01)
            return make(*given)

        monkeypatch.setattr(api_answers, "_make_answer", wait)


def in_background(port: int, target: str) -> tuple[threading.Thread, list]:
    found: list = []
    thread = threading.Thread(target=lambda: found.append(ask(port, target)))
    thread.start()
    return thread, found


def test_a_question_that_takes_too_long_is_stopped_and_says_so(
    tmp_path: Path, declared: Serving, monkeypatch: pytest.MonkeyPatch
):
    gate = Gate(monkeypatch)
    with serving(tmp_path, with_limits(declared, seconds=1)) as port:
        status, _, content = ask(port, FIGURES)
        assert (status, json.loads(content)["type"]) == (422, "/api/v1/docs#problem-too-much")
        assert "1 seconds" in json.loads(content)["detail"]
        gate.opened.set()
        # The thread is free again: both of them answer.
        assert ask(port, FIGURES)[0] == 200


def test_work_whose_time_is_over_is_stopped_where_it_is(
    tmp_path: Path, declared: Serving, monkeypatch: pytest.MonkeyPatch
):
    stopped = threading.Event()

    def endless(*_: object) -> None:
        try:
            while True:
                sum(range(1000))
        except pools.StoppedError:
            stopped.set()
            raise

    monkeypatch.setattr(api_answers, "_make_answer", endless)
    with serving(tmp_path, with_limits(declared, seconds=1)) as port:
        assert ask(port, FIGURES)[0] == 422
        assert stopped.wait(5)


def test_a_query_that_runs_within_the_engine_is_stopped_too(
    tmp_path: Path, declared: Serving, monkeypatch: pytest.MonkeyPatch
):
    def endless(_question, _put, served, _limits) -> None:
        served.engine._connection.raw_sql("SELECT count(*) FROM range(1000000000) a, range(1000000) b")

    with serving(tmp_path, with_limits(declared, seconds=1)) as port:
        # Once the engine is warm, even on a machine with much else to do.
        assert within(30, lambda: ask(port, "/api/v1/measures/arrests/answer?by=aor")[0] == 200)
        with monkeypatch.context() as changed:
            changed.setattr(api_answers, "_make_answer", endless)
            assert ask(port, "/api/v1/measures/arrests/answer?by=age")[0] == 422
        # The one thread that asks the engine is free again, years before the query would have ended.
        assert within(10, lambda: ask(port, "/api/v1/measures/arrests/answer?by=age")[0] == 200)


def test_a_stop_that_arrives_late_does_not_strike_the_work_after():
    late = iter([pools.StoppedError()])

    def work() -> str:
        for each in late:
            raise each
        return "done"

    job = pools._Job(work, None)
    job.run()
    assert job.done.result() == "done"


def test_more_than_can_wait_is_told_to_come_back(
    tmp_path: Path, declared: Serving, monkeypatch: pytest.MonkeyPatch
):
    gate = Gate(monkeypatch)
    limits = declared.model_dump()
    limits["figures"] |= {"threads": 1, "waiting": 1}
    with serving(tmp_path, Serving.model_validate(limits)) as port:
        first, _ = in_background(port, f"{FIGURES}&by=release")
        assert gate.entered.wait(5)
        second, _ = in_background(port, f"{FIGURES}&by=through_date")
        time.sleep(0.3)
        status, headers, content = ask(port, f"{FIGURES}&by=reading")
        assert (status, headers["retry-after"]) == (503, "5")
        assert json.loads(content)["type"].endswith("#problem-too-busy")
        gate.opened.set()
        first.join(10)
        second.join(10)
        assert ask(port, f"{FIGURES}&by=reading")[0] == 200


# The record


@pytest.fixture
def own(own_home: Path, tmp_path: Path) -> Path:
    """A record of one's own, in a home."""
    build_record(write_tiny_release(tmp_path / "released"), own_home / "record", default_catalog())
    return own_home / "record"


def swap(record: Path, other: Path) -> None:
    """Lays another record in the place of one, as a writer does: its tables first, then the manifest."""
    for each in sorted(other.iterdir(), key=lambda one: one.name == MANIFEST):
        beside = record / f".writing-{each.name}"
        shutil.copy(each, beside)
        beside.replace(record / each.name)


def test_an_old_answer_is_finished_and_a_new_one_comes_from_the_new_record(
    own: Path, tmp_path: Path, declared: Serving, monkeypatch: pytest.MonkeyPatch
):
    released = write_tiny_release(
        tmp_path / "other", jurisdictions=JURISDICTIONS.replace(",10,40\n", ",11,41\n")
    )
    build_record(released, tmp_path / "other-record", default_catalog())
    with serving(own.parent, declared) as port:
        before = ask_json(port, INDEX)["record"]
        old = ask_json(port, FIGURES)
        gate = Gate(monkeypatch)
        asked, found = in_background(port, f"{FIGURES}&by=through_date")
        assert gate.entered.wait(5)
        swap(own, tmp_path / "other-record")
        gate.opened.set()
        asked.join(10)
        ((status, _, content),) = found
        assert status == 200
        assert json.loads(content)["receipt"]["releases"] == old["receipt"]["releases"]
        assert ask_json(port, INDEX)["record"] != before
        new = ask_json(port, FIGURES)
        assert new["receipt"]["id"] != old["receipt"]["id"]
        assert new == ask_json(port, FIGURES)


def test_a_record_that_is_deleted_is_told_and_comes_back(own: Path, declared: Serving):
    away = own.with_name("away")
    with serving(own.parent, declared) as port:
        first = ask(port, FIGURES)
        own.rename(away)
        for target in (FIGURES, "/readyz", "/", "/api/v1/tables"):
            status, headers, content = ask(port, target)
            assert (status, headers["retry-after"]) == (503, "5"), target
            assert str(own.parent).encode() not in content
            assert json.loads(content)["type"].endswith("#problem-record-unavailable")
        assert ask(port, "/healthz")[0] == 200
        away.rename(own)
        again = ask(port, FIGURES)
        assert (again[0], again[2]) == (200, first[2])
        assert again[1]["etag"] == first[1]["etag"]


def test_a_record_that_is_damaged_is_told_and_comes_back(own: Path, declared: Serving):
    manifest = (own / MANIFEST).read_bytes()
    with serving(own.parent, declared) as port:
        (own / MANIFEST).write_bytes(b"{")
        status, _, content = ask(port, FIGURES)
        assert (status, str(own).encode() in content) == (503, False)
        time.sleep(0.6)
        (own / MANIFEST).write_bytes(manifest)
        assert ask(port, FIGURES)[0] == 200


def test_a_record_that_is_made_while_the_server_runs_is_taken_up(
    own_home: Path, tmp_path: Path, declared: Serving
):
    with serving(own_home, declared) as port:
        before = ask_json(port, INDEX)["record"]
        build_record(write_tiny_release(tmp_path / "released"), own_home / "record", default_catalog())
        assert ask_json(port, INDEX)["record"] != before


# The process

RUN = "import sys; from recount.cli.app import main; sys.argv = ['recount', *sys.argv[1:]]; main()"
NO_DISK = (
    "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); " + RUN
)
SLOW = (
    "import time; from recount.api import answers; make = answers._make_answer; "
    "answers._make_answer = lambda *given: (time.sleep(1.5), make(*given))[1]; " + RUN
)


@contextlib.contextmanager
def started(program: str, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Runs `recount serve` as a process of its own, and gives its port."""
    process = subprocess.Popen(
        [sys.executable, "-c", program, "serve", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "http://127.0.0.1:" in line, process.communicate()
        yield process, int(line.partition("127.0.0.1:")[2].partition("/")[0])
    finally:
        process.kill()
        process.communicate()


def wait_ready(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError):
            if ask(port, "/readyz")[0] == 200:
                return
        time.sleep(0.05)
    raise AssertionError("the server does not get ready")


def test_a_request_under_way_is_finished_when_the_server_is_told_to_stop():
    with started(SLOW) as (process, port):
        wait_ready(port)
        asked, found = in_background(port, FIGURES)
        with connect(port):
            time.sleep(0.5)
            process.send_signal(signal.SIGTERM)
            asked.join(10)
            assert process.wait(10) == 0
        ((status, _, content),) = found
        assert status == 200
        assert json.loads(content)["rows"]
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_control_c_ends_the_server_as_an_interruption():
    with started(RUN) as (process, port):
        wait_ready(port)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130


def test_nothing_is_written_so_that_a_full_disk_changes_nothing():
    with started(NO_DISK) as (_, port):
        for target in (
            FIGURES,
            "/api/v1/measures/arrests/answer?by=aor,fiscal_year",
            "/api/v1/measures/arrests/chart?by=fiscal_year",
            "/api/v1/tables/arrests_cube/rows?format=parquet",
            "/api/v1/claims/boston-no-convictions/verdict",
            "/index.html",
        ):
            assert ask(port, target)[0] == 200, target


def test_a_line_a_request_is_told_with_verbose_alone_and_names_no_client_and_no_question():
    with started(RUN, "--verbose") as (process, port):
        wait_ready(port)
        ask(port, FIGURES)
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=10)
    assert "GET '/api/v1/measures/people_removed/answer' 200" in told
    assert "127.0.0.1" not in told
    assert "Suffolk" not in told


def test_a_port_that_is_taken_is_told(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-c", RUN, "serve", "--port", port], capture_output=True, text=True, check=False
        )
    assert done.returncode == 2
    assert done.stderr.startswith(f"recount: The server cannot listen on 127.0.0.1, port {port}: ")
