"""The server against Datasette, on loopback: the same table, the same questions, the same clients, in turns.

`measure_serving()` is for `make bench`; by itself: `python tests/bench_serve.py [--minutes 10]`. Fifty clients keep
their connections and ask one question after another. Repeated questions are answered from what is kept, cold ones by a
server that was just started. The soak mixes repeated questions with pages of rows that nobody asked before, so that
whatever is kept reaches its bounds.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

CLIENTS = 50
SECONDS = 6.0
LEAST_TIMES = 2.0
SOAK_MINUTES = 0.5
MOST_GROWTH = 0.10
AREAS = ("BOS", "SEA", "LOS", "MIA", "CHI", "DAL", "DEN", "HOU", "PHI", "SND", "SFR", "NEW")
TABLE = "arrests_cube"
ROWS = "/api/v1/tables/secure_communities_figures/rows?limit=50&offset={}"
ROWS_THERE = 33_000
PYTHON = sys.executable
RECOUNT = "import sys; from recount.cli.app import main; main()"

Address = Callable[[], str]


@dataclass
class Load:
    """What clients met: milliseconds of every answer, and answers that were not 200."""

    milliseconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.milliseconds) / self.seconds

    def at(self, share: float) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]

    def __str__(self) -> str:
        return f"p50 {self.at(0.5):.1f} ms, p99 {self.at(0.99):.1f} ms, {self.rate:,.0f} answers a second"


def ours(area: str) -> str:
    return f"/api/v1/measures/arrests/answer?by=fiscal_year&where=aor%3D{area}&release=ice-2019-icfo-53623"


def theirs(area: str) -> str:
    sql = (
        f"select fiscal_year, sum(row_count) as arrests from {TABLE} where apprehension_aor_code = '{area}' "
        "and release = 'ice-2019-icfo-53623' group by fiscal_year order by fiscal_year"
    )
    return "/counts.json?" + urlencode({"sql": sql, "_shape": "array"})


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextlib.contextmanager
def server(command: list[str], port: int, home: str) -> Iterator[int]:
    """Runs a server until the block ends, and gives its process."""
    environment = {**os.environ, "RECOUNT_HOME": home}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.02)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


async def read_answer(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    if "transfer-encoding: chunked" in head:
        content = b""
        while size := int((await reader.readuntil(b"\r\n")).strip(), 16):
            content += (await reader.readexactly(size + 2))[:-2]
        await reader.readexactly(2)
    else:
        length = head.partition("content-length: ")[2].partition("\r\n")[0]
        content = await reader.readexactly(int(length or 0))
    return head.split(" ", 2)[1], content


async def client(port: int, address: Address, until: Callable[[], bool], load: Load) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
    try:
        while not until():
            target = address()
            begun = time.perf_counter()
            writer.write(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            status, content = await read_answer(reader)
            load.milliseconds.append((time.perf_counter() - begun) * 1000)
            if status != "200":
                load.wrong.append(f"{status} {target} {content[:200]!r}")
    finally:
        writer.close()


def put_load(port: int, address: Address, seconds: float) -> Load:
    """Returns what fifty clients met that ask for so long."""

    async def ask() -> Load:
        load = Load()
        begun = time.perf_counter()
        end = begun + seconds
        await asyncio.gather(
            *(client(port, address, lambda: time.perf_counter() >= end, load) for _ in range(CLIENTS))
        )
        load.seconds = time.perf_counter() - begun
        return load

    return asyncio.run(ask())


def ask_each(port: int, addresses: list[str]) -> tuple[Load, list[bytes]]:
    """Returns what one client met that asks each once, and the answers."""

    async def ask() -> tuple[Load, list[bytes]]:
        load, found = Load(), []
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
        begun_all = time.perf_counter()
        for each in addresses:
            begun = time.perf_counter()
            writer.write(f"GET {each} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            status, content = await read_answer(reader)
            load.milliseconds.append((time.perf_counter() - begun) * 1000)
            load.wrong += [] if status == "200" else [f"{status} {each}"]
            found.append(content)
        load.seconds = time.perf_counter() - begun_all
        writer.close()
        return load, found

    return asyncio.run(ask())


def cycle(addresses: list[str]) -> Address:
    each = itertools.cycle(addresses)
    return lambda: next(each)


def mebibytes(pid: int) -> float:
    """Returns the memory that a process holds now."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(each.split()[1]) for each in lines if each.startswith("VmRSS")) / 1024


def our_command(port: int) -> list[str]:
    return [PYTHON, "-c", RECOUNT, "serve", "--port", str(port)]


def measure_serving(minutes: float = SOAK_MINUTES) -> int:
    """Prints what the server does against Datasette; returns how many limits are missed."""
    with tempfile.TemporaryDirectory() as folder:
        database = str(Path(folder) / "counts.sqlite")
        export = [PYTHON, "-c", RECOUNT, "export", TABLE, "--public", "--to", database]
        subprocess.run(
            export, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "RECOUNT_HOME": folder}
        )
        return _against(database, folder) + _soak(folder, minutes)


def _against(database: str, home: str) -> int:
    port, other = free_port(), free_port()
    datasette = [PYTHON, "-m", "datasette", "serve", "-i", database, "--port", str(other)]
    with server(our_command(port), port, home), server(datasette, other, home):
        questions, queries = [ours(each) for each in AREAS], [theirs(each) for each in AREAS]
        # The engine of each is started by one question that is not measured.
        ask_each(port, [ours("SLC")])
        ask_each(other, [theirs("SLC")])
        cold, answers = ask_each(port, questions)
        cold_other, answers_other = ask_each(other, queries)
        for area, answer, other_answer in zip(AREAS, answers, answers_other, strict=True):
            own_counts = {
                each["breakdown"]["fiscal_year"]: each["numerator"]
                for each in json.loads(answer)["rows"]
                if each["kind"] == "part"
            }
            counts = {
                str(each["fiscal_year"]): each["arrests"]
                for each in json.loads(other_answer)
                if each["fiscal_year"] is not None
            }
            if own_counts != counts:
                raise SystemExit(f"{area}: not the same integers: {own_counts} and {counts}")
        loads, loads_other = [], []
        for _ in range(2):
            loads_other.append(put_load(other, cycle(queries), SECONDS))
            loads.append(put_load(port, cycle(questions), SECONDS))
    load, load_other = max(loads, key=lambda one: one.rate), max(loads_other, key=lambda one: one.rate)
    wrong = [one for each in (cold, cold_other, *loads, *loads_other) for one in each.wrong]
    times = load.rate / load_other.rate
    held = times >= LEAST_TIMES and not wrong
    print(f"serve, {len(AREAS)} repeated questions, {CLIENTS} clients: {load}")
    print(f"datasette, the same table and questions: {load_other}")
    print(
        f"serve: {times:.1f} x datasette's throughput (at least {LEAST_TIMES:g} x: {'held' if held else 'MISSED'})"
    )
    print(f"cold questions, one client: serve {cold}; datasette {cold_other} (not a limit)")
    for each in wrong[:5]:
        print(f"  wrong: {each}")
    return int(not held)


def _soak(home: str, minutes: float) -> int:
    port = free_port()
    offsets = itertools.cycle(range(0, ROWS_THERE, 7))
    number = itertools.count()
    questions = cycle([ours(each) for each in AREAS])

    def mixed() -> str:
        # Every twentieth is one that is not kept, until all that can be kept is replaced again and again.
        return ROWS.format(next(offsets)) if next(number) % 20 == 0 else questions()

    with server(our_command(port), port, home) as pid:
        # What is kept reaches its bounds first: 64 megabytes of pages of rows.
        filling = put_load(port, lambda: ROWS.format(next(offsets)), max(minutes * 60 / 10, 10.0))
        # And what questions need beside is there: the engine, and the code of every kind of answer.
        first = put_load(port, mixed, max(minutes * 60 / 10, 10.0))
        before = mebibytes(pid)
        wrong = [*filling.wrong, *first.wrong]
        rates, slowest, asked = [], 0.0, 0
        until = time.monotonic() + minutes * 60
        while time.monotonic() < until:
            load = put_load(port, mixed, min(10.0, max(until - time.monotonic(), 1.0)))
            wrong += load.wrong
            rates.append(load.rate)
            slowest = max(slowest, load.at(0.99))
            asked += len(load.milliseconds)
        after = mebibytes(pid)
    held = not wrong and after <= before * (1 + MOST_GROWTH)
    print(
        f"soak of {minutes:g} minutes, {CLIENTS} clients: {asked:,} answers, {len(wrong)} errors, "
        f"{min(rates):,.0f} to {max(rates):,.0f} a second, p99 at most {slowest:.0f} ms, "
        f"memory {before:.0f} MiB when full, {after:.0f} MiB at the end (at most {MOST_GROWTH:.0%} more: "
        f"{'held' if held else 'MISSED'})"
    )
    print("kept at most: " + _bounds())
    for each in wrong[:5]:
        print(f"  wrong: {each}")
    return int(not held)


def _bounds() -> str:
    from recount.declare.catalog import default_catalog
    from recount.declare.serving import load_serving

    limits = load_serving(default_catalog(to_answer=True))
    return (
        f"{limits.cached_responses.value:,} answers, {limits.cached_bytes.value // (1 << 20)} MiB as sent, "
        f"{limits.cached_answers.value} as objects"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=SOAK_MINUTES)
    sys.exit(1 if measure_serving(parser.parse_args().minutes) else 0)
