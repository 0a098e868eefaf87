"""What was measured, in words and columns, with the budgets beside it."""

from collections.abc import Iterable, Sequence

from tests.bench import callbacks, reading
from tests.bench.bench import Plan, Run, Start, middle
from tests.bench.callbacks import Round

RATE, P99, RATIO, READY, IDLE, MEMORY = 500.0, 100.0, 0.9, 3.0, 0.01, 150.0
READ_P99, READ_READY, READ_MEMORY = 2.0, 0.3, 30.0
CALL_CPU, CALL_ECHO, CALL_P99 = 150.0, 1.3, 50.0
_WIDTH = 46

Row = tuple[str, str, str]  # what, measured, budget


def one(run: Run) -> str:
    """A line while it goes on."""
    c, o, k = run.closed, run.open, run.checked
    return (
        f"  stored {run.stored:>7}: {c.rate:6.0f} msg/s, {c.cpu_us:5.0f} us CPU each, {c.cpu:4.0%} CPU"
        f" | open {o.rate:5.0f}/s: wire p50 {o.wire_p50:.0f} p95 {o.wire_p95:.0f} p99 {o.wire_p99:.0f} ms,"
        f" commit p50 {o.store_p50:.0f} p99 {o.store_p99:.0f} ms, {o.within:.2%} within 100 ms"
        f" | twice {k.twice} lost {k.lost} | the host took {c.stolen:.0%}, {o.stolen:.0%}"
    )


def read(found: list[reading.Reading]) -> list[Row]:
    """The rows of reading a message."""
    p99, ready, memory = (
        reading.middle(found, name) for name in ("p99_ms", "ready_s", "memory_mb")
    )
    return [
        ("-- reading a message of the development set, one processor", "", ""),
        ("p50 ms", f"{reading.middle(found, 'p50_ms'):.2f}", ""),
        ("p99 ms", f"{p99:.2f}", _at_most(p99, READ_P99)),
        ("imports, s", f"{reading.middle(found, 'imports_s'):.2f}", ""),
        ("ready after the imports, s", f"{ready:.2f}", _at_most(ready, READ_READY)),
        ("memory on top, MB", f"{memory:.1f}", _at_most(memory, READ_MEMORY)),
    ]


def headline(empty: Sequence[Run], full: Sequence[Run]) -> list[Row]:
    """The rows of mixed traffic."""
    rows = list(_of(empty, "no stored cases"))
    if full:
        rows += _of(full, f"{full[0].stored:,} stored cases")
        ratio = middle(full, "closed", "rate") / middle(empty, "closed", "rate")
        rows.append(
            ("messages/s, with stored cases : without", f"{ratio:.2f}", _at_least(ratio, RATIO))
        )
    runs = [*empty, *full]
    rows.append(("messages, all runs", f"{sum(r.checked.messages for r in runs):,}", ""))
    rows.append(("  delivered again", f"{sum(r.checked.again for r in runs):,}", ""))
    for name in ("twice", "lost", "dead"):
        count = sum(getattr(run.checked, name) for run in runs)
        rows.append((f"  {_NAMES[name]}", str(count), "0 " + _verdict(count == 0)))
    return rows


_NAMES = {"twice": "handled twice", "lost": "lost", "dead": "given up in the outbox"}


def _of(runs: Sequence[Run], title: str) -> Iterable[Row]:
    def mid(phase: str, name: str) -> float:
        return middle(runs, phase, name)

    def span(phase: str, name: str) -> str:
        values = [getattr(getattr(run, phase), name) for run in runs]
        return f" ({min(values):.0f}..{max(values):.0f})" if len(values) > 1 else ""

    rate, wire, commit = mid("closed", "rate"), mid("open", "wire_p99"), mid("open", "store_p99")
    yield f"-- {title}", "", ""
    yield "messages/s, closed loop", f"{rate:.0f}{span('closed', 'rate')}", _at_least(rate, RATE)
    yield "  CPU us per message", f"{mid('closed', 'cpu_us'):.0f}", ""
    yield "  CPU of the service", f"{mid('closed', 'cpu'):.0%}", ""
    yield "  RSS / PSS MB", f"{mid('closed', 'rss'):.0f} / {mid('closed', 'pss'):.0f}", ""
    yield f"open loop at {mid('open', 'rate'):.0f}/s, CPU", f"{mid('open', 'cpu'):.0%}", ""
    parts = (f"{mid('open', f'wire_p{n}'):.0f}" for n in (50, 95, 99))
    yield (
        "  due -> reply's frame, p50/p95/p99 ms",
        " / ".join(parts) + span("open", "wire_p99"),
        _at_most(wire, P99),
    )
    parts = (f"{mid('open', f'store_p{n}'):.0f}" for n in (50, 95, 99))
    yield (
        "  arrival -> commit, p50/p95/p99 ms",
        " / ".join(parts) + span("open", "store_p99"),
        _at_most(commit, P99),
    )
    yield "  committed within 100 ms of arrival", f"{mid('open', 'within'):.2%}", ""
    yield "  this program late, p99 ms", f"{mid('open', 'late_p99'):.1f}", ""
    took = f"{mid('closed', 'stolen'):.0%} / {mid('open', 'stolen'):.0%}"
    yield "  taken by the machine's host, closed / open", took, ""


def one_round(one: Round) -> str:
    """A line while it goes on."""
    return (
        f"  callbacks: {one.closed.rate:6.0f}/s, {one.closed.cpu_us:4.0f} us CPU each"
        f" ({one.handled} handled meanwhile) | echo {one.echo.rate:.0f}/s, {one.echo.cpu_us:.0f} us"
        f" | open: p50 {one.open.p50:.1f} p99 {one.open.p99:.1f} ms, {one.open.cpu_us:.0f} us"
        f" | caught up after {one.behind:.0f} s, twice {one.twice} lost {one.lost} 5xx {one.errors}"
        f" | the host took {one.echo.stolen:.0%}, {one.closed.stolen:.0%}, {one.open.stolen:.0%}"
    )


def called(rounds: Sequence[Round]) -> list[Row]:
    """The rows of the callbacks."""

    def mid(phase: str, name: str) -> float:
        return callbacks.middle(rounds, phase, name)

    times, cpu, wait = callbacks.ratio(rounds), mid("closed", "cpu_us"), mid("open", "p99")
    taken = " / ".join(f"{mid(phase, 'stolen'):.0%}" for phase in ("echo", "closed", "open"))
    rows = [
        ("-- callbacks, handling switched on", "", ""),
        ("callbacks/s, closed loop", f"{mid('closed', 'rate'):.0f}", ""),
        ("  CPU us per callback", f"{cpu:.0f}", _at_most(cpu, CALL_CPU)),
        ("wechatpy and aiohttp, echo: calls/s", f"{mid('echo', 'rate'):.0f}", ""),
        ("  CPU us per call", f"{mid('echo', 'cpu_us'):.0f}", ""),
        ("callbacks/s : echo", f"{times:.2f}", _at_least(times, CALL_ECHO)),
        ("open loop: p50 ms", f"{mid('open', 'p50'):.1f}", ""),
        ("  p99 ms", f"{wait:.1f}", _at_most(wait, CALL_P99)),
        ("  CPU us per callback", f"{mid('open', 'cpu_us'):.0f}", ""),
        ("  this program late at the worst, ms", f"{mid('open', 'late'):.1f}", ""),
        ("  taken by the machine's host, echo / closed / open", taken, ""),
        ("messages, all rounds", f"{sum(one.messages for one in rounds):,}", ""),
        ("  called again", f"{sum(one.again for one in rounds):,}", ""),
        ("bad calls: kinds", str(len(callbacks.worst(rounds))), ""),
    ]
    for name, title in (
        ("twice", "handled twice"),
        ("lost", "acknowledged and lost"),
        ("errors", "5xx or no answer"),
    ):
        count = sum(getattr(one, name) for one in rounds)
        rows.append((f"  {title}", str(count), "0 " + _verdict(count == 0)))
    return rows


def resting(start: Start, plan: Plan) -> list[Row]:
    """The rows of start and idle."""
    size = f"{plan.start_grids:,} grids, {plan.start_people:,} people"
    ready, worst = start.seconds, start.first
    return [
        (f"-- start and idle: {size}", "", ""),
        ("first start until readyz, tables made, s", f"{worst:.2f}", _at_most(worst, READY)),
        ("start until readyz, s", f"{ready:.2f}", _at_most(ready, READY)),
        ("  until the robot is subscribed, s", f"{start.online:.2f}", ""),
        (
            f"idle CPU over {plan.idle:.0f} s",
            f"{start.idle_cpu:.2%}",
            _at_most(start.idle_cpu, IDLE),
        ),
        ("idle RSS MB", f"{start.rss:.0f}", _at_most(start.rss, MEMORY)),
        ("  PSS / peak RSS MB", f"{start.pss:.0f} / {start.peak:.0f}", ""),
    ]


def drawn(rows: Iterable[Row]) -> str:
    """The table."""
    return "\n".join(
        f"{what:<{_WIDTH}}{value:>24}   {budget}".rstrip() for what, value, budget in rows
    )


def _verdict(good: bool) -> str:
    return "ok" if good else "MISSED"


def _at_least(value: float, budget: float) -> str:
    return f">= {budget:g} {_verdict(value >= budget)}"


def _at_most(value: float, budget: float) -> str:
    return f"<= {budget:g} {_verdict(value <= budget)}"
