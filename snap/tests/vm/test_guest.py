from __future__ import annotations

import asyncio
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pielang.api.errors import Status
from pielang.vm.engine import BadModule, Engine
from pielang.vm.guest import Completion, Guest, Limits
from pielang.vm.traps import GuestTrap, TrapKind
from tests.vm.harness import Steps, calls, inbox, module


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = Engine(tmp_path)
    yield made
    made.close()


def guest(engine: Engine, wasm: bytes, limits: Limits | None = None) -> Guest:
    return Guest(engine, engine.load(wasm), limits or Limits())


ECHO = module(
    start="""(call $submit (i32.const 0) (i32.const 77) (i32.const 5) (i32.const 8192) (i32.const 3)
                           (i32.const 9000) (i32.const 4) (i64.const 123))
             (i32.const 1)""",
    # submits what it got: the completion entry as it is, then the buffer
    resume="""(call $submit (i32.const 0) (i32.const 78) (i32.const 0) (i32.const 3072) (i32.const 32)
                            (i32.const 0) (i32.const 0) (i64.const 0))
              (call $submit (i32.const 1) (i32.const 79) (i32.const 0) (i32.const 9000) (i32.const 4)
                            (i32.const 0) (i32.const 0) (i64.const 0))
              (i32.const 2)""",
    more='(data (i32.const 8192) "abc")',
)


def test_a_call_and_its_completion_in_the_buffer(engine: Engine) -> None:
    running = guest(engine, ECHO)
    assert calls(running.run(inbox())) == [(77, 5, 123, b"abc")]
    before = time.time_ns()
    entry, buffer = running.run(inbox(Completion(5, 0, b"wxyz", -9)))
    *found, clock = struct.unpack("<IiIIqq", entry.data)
    assert found == [5, 0, 4, 1, -9]
    assert before <= clock <= time.time_ns()
    assert buffer.data == b"wxyz"
    running.close()
    running.close()


def test_a_result_that_does_not_fit_waits_for_fetch(engine: Engine) -> None:
    fetches = module(
        start="""(call $submit (i32.const 0) (i32.const 77) (i32.const 5) (i32.const 0) (i32.const 0)
                               (i32.const 9000) (i32.const 4) (i64.const 0)) (i32.const 1)""",
        resume="""(if (i32.eq (i32.load offset=12 (i32.const 3072)) (i32.const 2)) (then
                    (call $submit (i32.const 0) (i32.const 4) (i32.const 6) (i32.const 0) (i32.const 0)
                                  (i32.const 9000) (i32.const 100) (i64.const 5))
                    (return (i32.const 1))))
                  (call $submit (i32.const 0) (i32.const 79) (i32.const 0) (i32.const 9000)
                                (i32.load offset=8 (i32.const 3072)) (i32.const 0) (i32.const 0)
                                (i64.extend_i32_s (i32.load offset=4 (i32.const 3072))))
                  (i32.const 1)""",
    )
    running = guest(engine, fetches)
    running.run(inbox())
    assert calls(running.run(inbox(Completion(5, 0, b"longer than four")))) == [(79, 0, 0, b"longer than four")]


def test_fetch_of_nothing_is_an_error(engine: Engine) -> None:
    fetches = module(
        start="""(call $submit (i32.const 0) (i32.const 4) (i32.const 6) (i32.const 0) (i32.const 0)
                               (i32.const 9000) (i32.const 100) (i64.const 5)) (i32.const 1)""",
        resume="""(call $submit (i32.const 0) (i32.const 79) (i32.const 0) (i32.const 3072) (i32.const 32)
                                (i32.const 0) (i32.const 0) (i64.const 0)) (i32.const 1)""",
    )
    (entry,) = guest(engine, fetches).run(inbox())
    assert struct.unpack_from("<Ii", entry.data) == (6, Status.RELEASED)


def test_more_than_a_ring_of_submissions_and_completions(engine: Engine) -> None:
    fill = """(local.set $i (i32.const 0))
      (loop $next
        (call $submit (local.get $i) (i32.const 20)
          (i32.add (local.get $i) (i32.mul (global.get $round) (i32.const 64)))
          (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i64.const 0))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $i) (i32.const 64))))
      (global.set $round (i32.add (global.get $round) (i32.const 1)))"""
    wasm = module(
        start=f"(local $i i32) {fill} (i32.const 64)",
        resume=f"""(local $i i32)
          (global.set $got (i32.add (global.get $got) (local.get $completions)))
          (if (i32.lt_u (global.get $round) (i32.const 2)) (then {fill} (return (i32.const 64))))
          (if (i32.eqz (local.get $completions)) (then (return (i32.const 0))))
          (call $submit (i32.const 0) (i32.const 21) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)
            (i32.const 0) (i64.extend_i32_u (global.get $got)))
          (i32.const 1)""",
        more="(global $round (mut i32) (i32.const 0)) (global $got (mut i32) (i32.const 0))",
    )
    running = guest(engine, wasm)
    assert len(running.run(inbox())) == 128
    counted = running.run(inbox(*[Completion(ticket) for ticket in range(1, 128)]))
    assert [item.scalar for item in counted] == [64, 127]


@pytest.mark.parametrize(
    "entry",
    [
        "(i32.const 65530) (i32.const 8) (i32.const 0) (i32.const 0)",
        "(i32.const -1) (i32.const 1) (i32.const 0) (i32.const 0)",
        "(i32.const 0) (i32.const -1) (i32.const 0) (i32.const 0)",
        "(i32.const 0) (i32.const 0) (i32.const 65535) (i32.const 2)",
        "(i32.const 0) (i32.const 0) (i32.const -4) (i32.const -1)",
    ],
)
def test_addresses_outside_the_memory_end_the_guest(engine: Engine, entry: str) -> None:
    wasm = module(start=f"(call $submit (i32.const 0) (i32.const 9) (i32.const 1) {entry} (i64.const 0)) (i32.const 1)")
    with pytest.raises(GuestTrap, match="memory that the guest does not have") as caught:
        guest(engine, wasm).run(inbox())
    assert caught.value.kind is TrapKind.PROTOCOL


@pytest.mark.parametrize("count", [-1, 65, 1 << 30])
def test_a_wrong_count_ends_the_guest(engine: Engine, count: int) -> None:
    with pytest.raises(GuestTrap, match=f"reported {count} submissions"):
        guest(engine, module(start=f"(i32.const {count})")).run(inbox())


def test_a_ticket_twice_ends_the_guest(engine: Engine) -> None:
    submit = "(i32.const 9) (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i64.const 0)"
    wasm = module(start=f"(call $submit (i32.const 0) {submit}) (call $submit (i32.const 1) {submit}) (i32.const 2)")
    with pytest.raises(GuestTrap, match="ticket 1 is in use"):
        guest(engine, wasm).run(inbox())


@pytest.mark.parametrize(
    ("wasm", "problem"),
    [
        (b"", "not a WebAssembly module"),
        (b"\0asm\x01\0\0\0", "does not export 'memory'"),
        (module().replace(b"resume", b"resumf"), "does not export 'resume'"),
    ],
)
def test_other_modules_are_refused(engine: Engine, wasm: bytes, problem: str) -> None:
    with pytest.raises(BadModule, match=problem):
        engine.load(wasm)


def test_an_export_of_another_type_is_refused(engine: Engine) -> None:
    import wasmtime

    text = """(module (memory (export "memory") 1) (global (export "rings") i32 (i32.const 1024))
      (func (export "start") (result i64) (i64.const 0))
      (func (export "resume") (param i32) (result i32) (i32.const 0)))"""
    with pytest.raises(BadModule, match=r"'start' \(function \(\) -> \(i32\)\)"):
        engine.load(bytes(wasmtime.wat2wasm(text)))


def test_unreachable_and_stack_overflow(engine: Engine) -> None:
    with pytest.raises(GuestTrap) as caught:
        guest(engine, module(start="unreachable")).run(inbox())
    assert caught.value.kind is TrapKind.FAULT
    deep = module(start="(call $deep (i32.const 0))", more="""(func $deep (param i32) (result i32)
      (i32.add (call $deep (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))""")  # fmt: skip
    with pytest.raises(GuestTrap) as caught:
        guest(engine, deep).run(inbox())
    assert caught.value.kind is TrapKind.STACK_OVERFLOW


def test_memory_over_the_cap(engine: Engine) -> None:
    limits = Limits(memory_bytes=1 << 20)
    with pytest.raises(GuestTrap, match="the limit is 1 MB") as caught:
        guest(engine, module(pages="17"), limits)
    assert caught.value.kind is TrapKind.MEMORY_LIMIT
    grow = module(start="(i32.eq (memory.grow (i32.const 17)) (i32.const -1))")  # refused: answers one submission
    assert len(guest(engine, grow, limits).run(inbox())) == 1


LOOP = module(start="(loop $l (br $l)) (i32.const 0)")


def test_an_endless_loop_ends_at_its_time_limit_and_alone(engine: Engine) -> None:
    async def scenario() -> None:
        steps = Steps(engine)
        runaways = [steps.add(guest(engine, LOOP, Limits(resume_seconds=0.2))) for _ in range(3)]
        others = [steps.add(guest(engine, ECHO)) for _ in range(5)]
        for other in others:  # they go on while the others compute
            assert calls((await steps.next(other)).submissions) == [(77, 5, 123, b"abc")]
        for runaway in runaways:
            trap = (await steps.next(runaway)).trap
            assert trap is not None and trap.kind is TrapKind.TIME_LIMIT and "0.2 s" in trap.message
        steps.complete(others[0], Completion(5, 0, b"wxyz", 1))
        assert (await steps.next(others[0])).submissions[1].data == b"wxyz"
        steps.pump.close()

    asyncio.run(scenario())


def test_a_running_guest_can_be_dropped(engine: Engine) -> None:
    async def scenario() -> None:
        steps = Steps(engine)
        runaway, other = steps.add(guest(engine, LOOP)), steps.add(guest(engine, ECHO))
        await steps.next(other)
        steps.pump.drop(runaway, "the client has gone")
        steps.complete(runaway, Completion(1))  # late completions go nowhere
        steps.complete(other, Completion(5, 0, b"wxyz", 1))
        await steps.next(other)
        steps.pump.close()

    asyncio.run(scenario())


def test_a_dropped_guest_says_why(engine: Engine) -> None:
    running = guest(engine, LOOP)
    engine.running()
    assert not running.step(inbox(), [], time.thread_time)
    running.stop("the client has gone")
    with pytest.raises(GuestTrap, match="the client has gone") as caught:
        running.run(inbox())
    assert caught.value.kind is TrapKind.STOPPED


def test_long_steps_give_what_short_ones_give(engine: Engine) -> None:
    """Left in the middle and taken up by other threads, over and over; a guest known to compute begins there."""
    count = """(local $i i32)
      (loop $l (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $l (i32.lt_u (local.get $i) (i32.const 30000000))))
      (call $submit (i32.const 0) (i32.const 77) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)
        (i64.extend_i32_u (local.get $i))) (i32.const 1)"""

    async def scenario() -> None:
        steps = Steps(engine)
        guests = [steps.add(guest(engine, module(start=count, resume=count))) for _ in range(4)]
        for _ in range(2):
            for pumped in guests:
                assert calls((await steps.next(pumped)).submissions) == [(77, 0, 30000000, b"")]
                steps.complete(pumped, Completion(1))
        for pumped in guests:
            assert pumped.guest.cpu_seconds > 0.005
            steps.pump.drop(pumped, "enough")
        steps.pump.close()

    asyncio.run(scenario())


def test_native_code_is_kept_by_content(tmp_path: Path) -> None:
    first = Engine(tmp_path)
    digest = first.load(ECHO).digest
    (entry,) = tmp_path.rglob(digest)
    assert entry.stat().st_mode & 0o077 == 0
    for damage in (b"", entry.read_bytes()[:-1], b"x" * 100):
        entry.write_bytes(damage)
        assert calls(guest(first, ECHO).run(inbox())) == [(77, 5, 123, b"abc")]
        assert len(entry.read_bytes()) > 1000
    first.close()
    second = Engine(tmp_path)
    assert calls(guest(second, ECHO).run(inbox())) == [(77, 5, 123, b"abc")]
    second.close()
