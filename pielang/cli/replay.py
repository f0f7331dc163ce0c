"""`pielang replay`: a run once more, from what `pielang run --record` kept of it.

In: the record. Out: what the program wrote, sent and returned, and its exit status, as at the time. The program runs
here; nothing is asked of a model, the network or the clock.
"""

from __future__ import annotations

from collections import deque
from pathlib import Path
from time import thread_time
from typing import TYPE_CHECKING

from .errors import CliError, Exit
from .interrupts import Interrupts
from .options import Options
from .program import readable_file
from .run import fail
from .terminal import Terminal

if TYPE_CHECKING:
    from pielang.api.table import Call
    from pielang.vm.engine import Engine
    from pielang.vm.guest import Completion, Guest, Submission
    from pielang.vm.journal import Player


def replay(words: list[str], terminal: Terminal, interrupts: Interrupts) -> int:
    """Runs one record; returns what the run returned."""
    options = Options("replay", "Have a run again that `pielang run --record RECORD` kept. No model is needed.")
    options.add_argument("file", metavar="RECORD")
    path = readable_file(options.read(words, terminal).file)
    from pielang.compiler.cache import cache_dir
    from pielang.vm.engine import BadModule, Engine
    from pielang.vm.guest import Guest
    from pielang.vm.journal import BadRecord, Player
    from pielang.vm.sections import BadSection

    engine = Engine(cache_dir())
    try:
        with path.open("rb") as file:
            player = Player(file)
            guest = Guest(engine, engine.load(player.wasm), player.limits, player)
            try:
                return _follow(engine, guest, player, terminal, interrupts)
            finally:
                guest.close()
    except (BadRecord, BadModule, BadSection) as error:
        raise CliError(Exit.FILE, f"{path} cannot be replayed: {error}") from error
    finally:
        engine.close()


def _follow(engine: Engine, guest: Guest, player: Player, terminal: Terminal, interrupts: Interrupts) -> int:
    """Shows what the guest does, to its end or that of the record."""
    from pielang.api.table import by_opcode
    from pielang.server.control import endings
    from pielang.server.wire.client import Failed
    from pielang.vm.journal import RecordOver
    from pielang.vm.sections import manifest
    from pielang.vm.traps import GuestTrap

    described = manifest(player.wasm)
    name, source, calls = described["name"], Path(described["source"]), by_opcode()
    waiting: deque[Completion] = deque()
    interrupts.deferred = True  # one that met the guest's slice in its callback would be lost
    while True:
        if interrupts.code is not None:
            raise KeyboardInterrupt
        failure = None
        submissions: list[Submission] = []
        try:
            engine.running()
            while not guest.step(waiting, submissions, thread_time):
                if interrupts.code is not None:
                    raise KeyboardInterrupt
                engine.running()
        except GuestTrap as trap:
            failure = endings.trapped(name, trap)
        except RecordOver as end:
            failure = Failed(name, "cancelled", f"the recorded run ended here: {end}", ())
        for submission in submissions:
            status = _show(calls[submission.opcode], submission, player, source, terminal)
            if status is not None:
                return status
        if failure is not None:
            return fail(failure, source, terminal)


def _show(call: Call, submission: Submission, player: Player, source: Path, terminal: Terminal) -> int | None:
    """What a call says to the user; the exit status, if it is the last."""
    from pielang.api import codec
    from pielang.server.control import endings
    from pielang.vm.sections import SourceMap

    match call.name:
        case "write":
            terminal.output(2 if submission.scalar == 2 else 1, submission.data)
        case "send" if terminal.json:
            terminal.object({"event": "message", "text": codec.decoder(call)(submission.data)[0]})
        case "send":
            terminal.say(codec.decoder(call)(submission.data)[0])
        case "exit":
            terminal.result(codec.unpack(submission.data, "the result") if submission.data else None)
            return submission.scalar & 0xFF
        case "fail":
            return fail(endings.raised("", submission.data, SourceMap(player.wasm)), source, terminal)
    return None
