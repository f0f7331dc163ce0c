"""A node: programs come in, run, and their events go out.

In: modules, launches and messages of clients. Out: events. Everything is in the event loop's thread, but for guests
that compute. The inference process is started when a program first needs it.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections import Counter
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pielang.api.errors import CallError, Status
from pielang.api.table import CALLS
from pielang.server.control.arguments import check_arguments
from pielang.server.control.calls import Calls
from pielang.server.control.dynamic import Interpreters
from pielang.server.control.errors import LaunchRefused
from pielang.server.control.http_calls import HttpCalls
from pielang.server.control.lifecycle import Event, Instance
from pielang.server.control.limits import Usage, effective, requested
from pielang.server.control.messaging import Child, Topics
from pielang.server.control.resources import Kind
from pielang.server.control.trace import PROGRAMS, Trace
from pielang.server.wire.client import Failed
from pielang.vm.engine import BadModule, Engine, Program
from pielang.vm.guest import Guest, Limits, Submission
from pielang.vm.journal import Recorder
from pielang.vm.pump import Pump, PumpedGuest
from pielang.vm.sections import BadSection, manifest
from pielang.vm.traps import GuestTrap

if TYPE_CHECKING:
    from pielang.server.control.model import InferenceFactory, Model
    from pielang.server.control.scheduler import BatchSettings

ABI = 1


@dataclass(frozen=True, slots=True)
class NodeConfig:
    cache: Path | None = None  # folder for native code; None: it is made anew each time
    memory_mb: int = 256  # most linear memory a program may have
    time_limit: float = 10.0  # CPU seconds a program may compute between two awaits
    batches: BatchSettings | None = None  # None: the scheduler's defaults
    trace: bool = False  # keep what `trace()` shows
    record: Path | None = None  # file that gets the run of the first program, to be had again
    allow_net: Sequence[str] = ()  # patterns of host names that programs may reach by HTTP, if they ask for it
    allow_private: bool = False  # also those inside: loopback, link-local and private addresses
    adapters: Path | None = None  # folder of LoRA adapters that programs may load, by name
    user_limits: Mapping[str, float] = field(default_factory=dict)  # what all programs of one user may take together
    limits: Mapping[str, float] = field(default_factory=dict)  # of limits.LIMITS, where they are not the defaults


@dataclass(slots=True)
class InstanceHandle:
    """A launched program, for its client."""

    _instance: Instance

    @property
    def id(self) -> str:
        return self._instance.id

    def events(self) -> AsyncIterator[Event]:
        """What happens, in order, for one reader; `Finished` or `Failed` is the last."""
        return self._instance.events()

    def send(self, message: str) -> None:
        """A message for the program. Nothing happens when it has ended."""
        self._instance.send(message)

    def end_messages(self) -> None:
        """No more messages come: `receive` raises EOFError in the program once it has taken those sent."""
        self._instance.end_messages()

    def terminate(self) -> None:
        """End it, with a last event `Failed` of kind "cancelled". Nothing happens when it has ended."""
        self._instance.terminate()


@dataclass(slots=True)
class _Uploaded:
    program: Program
    manifest: dict[str, Any]
    traits: list[str]


class Node:
    """Made within the running event loop, to which all methods belong."""

    def __init__(self, config: NodeConfig, inference: InferenceFactory) -> None:
        self._config = config
        self._inference = inference
        self._loop = asyncio.get_running_loop()
        self._engine = Engine(config.cache)
        self._pump = Pump(self._engine, self._on_step, self._on_swept)
        self._log = logging.getLogger("pielang.control")
        asked = {"memory_mb": config.memory_mb, "step_seconds": config.time_limit, **config.limits}
        self._usage_limits = effective(asked)
        effective(config.user_limits)
        self._user_limits = dict.fromkeys(self._usage_limits, math.inf) | dict(config.user_limits)
        self._users: dict[str, Usage] = {}  # by what the gateway calls them
        self._limits_reached: Counter[str] = Counter()
        self._topics = Topics()
        self._trace = Trace() if config.trace else None
        self._recorder: Recorder | None = None
        self._http = HttpCalls(config.allow_net, config.allow_private, self._errand)
        others = Interpreters(config.cache, self._errand), self._http
        self._calls = Calls(logging.getLogger("pielang.inferlet"), self._topics, self._spawn, others)
        self._errands: set[asyncio.Task[None]] = set()  # children on their way, HTTP requests
        self._programs: dict[str, _Uploaded] = {}
        self._digests: dict[bytes, str] = {}
        self._uploading: dict[bytes, asyncio.Task[str]] = {}
        self._instances: dict[PumpedGuest, Instance] = {}
        self._launched = 0
        self._loading: asyncio.Task[Model] | None = None
        self._model: Model | None = None
        self._leaving: set[asyncio.Task[None]] = set()  # links of lost processes being closed
        self._closing = False

    async def upload(self, wasm: bytes) -> str:
        """Make a program ready to run: its SHA-256, by which it is launched. Raises LaunchRefused ("program")."""
        self._check_open()
        known = self._digests.get(wasm)  # many clients come with the same program: the hash of bytes is kept with them
        if known is not None:
            return known
        uploading = self._uploading.get(wasm)
        if uploading is None:
            uploading = self._uploading[wasm] = self._loop.create_task(self._upload(wasm))
            uploading.add_done_callback(lambda _: self._uploading.pop(wasm))
        return await asyncio.shield(uploading)

    async def _upload(self, wasm: bytes) -> str:
        try:
            described = manifest(wasm)
            program = await asyncio.to_thread(self._engine.load, wasm)
        except (BadModule, BadSection) as error:
            raise LaunchRefused("program", str(error)) from error
        if described.get("abi") != ABI:
            problem = (
                f"the program was compiled for guest boundary {described.get('abi')}; this is {ABI}: compile it again"
            )
            raise LaunchRefused("program", problem)
        self._programs[program.digest] = _Uploaded(program, described, required_traits(described))
        self._digests[program.wasm] = program.digest
        return program.digest

    async def launch(
        self, program: str, arguments: dict[str, Any], *, name: str | None = None, user: str = ""
    ) -> InstanceHandle:
        """Start an uploaded program with arguments by parameter name. Raises LaunchRefused."""
        return InstanceHandle(await self._launch(program, arguments, name, None, user))

    def forget_user(self, user: str) -> None:
        """This user is gone: who comes by the same name begins anew."""
        self._users.pop(user, None)

    async def _launch(
        self, program: str, arguments: dict[str, Any], name: str | None, child: Child | None, user: str
    ) -> Instance:
        self._check_open()
        uploaded = self._programs.get(program)
        if uploaded is None:
            raise LaunchRefused("program", f"no program {program[:16]}… was uploaded here")
        described = uploaded.manifest
        checked = check_arguments(described, arguments)
        try:
            limits = requested(self._usage_limits, described.get("limits", {}))
        except ValueError as error:
            raise LaunchRefused("program", str(error)) from error
        shared = None
        if self._config.user_limits:
            new = Usage(self._user_limits, None, "--user-limit", self._limits_reached)
            shared = self._users.setdefault(user, new)
        model = None
        if described.get("needs_model"):
            model = await self.load_model()
            missing = [trait for trait in uploaded.traits if trait not in model.traits]
            if missing:
                problem = f"the program needs the trait {missing[0]}, which the model {model.info.name} does not have"
                raise LaunchRefused("model", problem)
            self._check_open()
        if child is not None and child.parent.over:
            raise LaunchRefused("closing", "the program that spawned it has ended")
        try:
            most = Limits(int(limits["memory_mb"]) << 20, limits["step_seconds"])
            guest = Guest(self._engine, uploaded.program, most, self._journal(uploaded.program, most))
        except GuestTrap as trap:
            raise LaunchRefused("program", trap.message) from trap
        self._launched += 1
        instance = Instance(
            f"{name or described.get('name') or 'program'}-{self._launched}",
            uploaded.program.wasm, checked, model, Usage(limits, shared, "--limit", self._limits_reached),
            PumpedGuest(guest), self._pump, self._on_end,
        )  # fmt: skip
        instance.number = self._launched
        instance.user = user
        instance.trace = self._trace
        instance.net = tuple(described.get("permissions", {}).get("net", ()))
        if child is not None:
            instance.relay, instance.depth, instance.spawned_by = child.event, child.parent.depth + 1, child.parent
            child.instance = instance
        wall = self._loop.call_later(limits["wall_seconds"], self._over_limit, instance, "wall_seconds")
        instance.timers.add(wall)
        self._instances[instance.guest] = instance
        self._pump.start(instance.guest)
        return instance

    def _journal(self, program: Program, limits: Limits) -> Recorder | None:
        """What keeps the run of the first program, where that is asked for. Raises LaunchRefused ("record")."""
        path = self._config.record
        if path is None or self._launched:
            return None
        try:
            self._recorder = Recorder(path, program.wasm, limits)
        except OSError as error:
            raise LaunchRefused("record", f"cannot write {path}: {error.strerror}") from error
        return self._recorder

    def _over_limit(self, instance: Instance, name: str) -> None:
        instance.end(Failed(instance.id, "limit", instance.usage.message(name), ()))

    def _spawn(self, child: Child, name: str, values: dict[str, Any], ticket: int, handle: int) -> None:
        """Start a program for another one."""

        async def start() -> None:
            parent = child.parent
            found = [digest for digest, uploaded in self._programs.items() if uploaded.manifest.get("name") == name]
            try:
                if not found:
                    raise LaunchRefused("program", f"no program named '{name}' was uploaded here")
                await self._launch(found[-1], values, name, child, parent.user)
            except LaunchRefused as error:
                if parent.handles.kind(handle) is Kind.CHILD:
                    parent.handles.remove(handle, Kind.CHILD)
                child.end(Failed("", "cancelled", error.message, ()))
                parent.fail(ticket, CallError(Status.VALUE_ERROR, f"spawn(): {error.message}"))
            else:
                parent.complete(ticket, scalar=handle)

        self._errand(child.parent, start())

    def _errand(self, instance: Instance, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Something that a program waits for; given up when it ends."""

        async def guarded() -> None:
            try:
                await work
            except Exception as error:  # noqa: BLE001  a fault of ours: the program must not wait for ever
                self._log.exception("an errand of %s failed", instance.id)
                problem = f"a call failed, which is a fault of pielang: {error!r}"
                instance.end(Failed(instance.id, "internal", problem, ()))

        task = self._loop.create_task(guarded())
        for errands in (self._errands, instance.errands):
            errands.add(task)
            task.add_done_callback(errands.discard)
        task.add_done_callback(lambda _: work.close())  # cancelled before it began
        return task

    def trace(self) -> dict[str, Any]:
        """What happened since the start, in the Chrome trace format; without `NodeConfig.trace` nothing."""
        return self._trace.document() if self._trace is not None else {"traceEvents": []}

    def call_counts(self) -> dict[str, int]:
        """How often each call was made since the start."""
        return self._calls.counts()

    async def load_model(self) -> Model:
        """Start the inference process, or wait until it is there. Raises LaunchRefused."""
        if self._model is not None:
            return self._model
        if self._loading is None:
            self._loading = self._loop.create_task(self._load())
            self._loading.add_done_callback(lambda task: task.cancelled() or task.exception())  # if nobody waits
        loading = self._loading
        try:
            return await asyncio.shield(loading)
        except LaunchRefused:
            raise
        except asyncio.CancelledError:
            if loading.cancelled():
                raise LaunchRefused("closing", "the server is ending") from None
            raise
        except Exception as error:
            raise LaunchRefused("inference", str(error) or type(error).__name__) from error
        finally:
            if loading.done() and self._loading is loading:
                self._loading = None

    async def _load(self) -> Model:
        from pielang.server.control.model import Model
        from pielang.server.control.scheduler import BatchSettings
        from pielang.server.control.tokenizer import Tokenizer

        lost: list[Exception] = []

        def on_lost(error: Exception) -> None:
            lost.append(error)
            self._on_lost(error)

        link = await self._inference(on_lost)
        try:
            tokenizer = await asyncio.to_thread(Tokenizer, Path(link.info.path))
            if lost:
                raise lost[0]
            settings = self._config.batches or BatchSettings()
            self._model = Model(link, tokenizer, settings, self._guests, self._config.adapters)
            self._model.scheduler.trace = self._trace
            self._model.scheduler.run_guests = self._pump.sweep
        except BaseException:
            await link.close()
            raise
        return self._model

    def _on_lost(self, error: Exception) -> None:
        """The inference process is gone. The next launch that needs a model starts another."""
        model, self._model = self._model, None
        if model is not None:
            message = f"{error}; the program must be started again"
            model.scheduler.give_up(CallError(Status.MODEL_ERROR, message))
            task = self._loop.create_task(model.link.close())
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    def status(self) -> dict[str, Any]:
        """Counts for people and tests: programs, and the model's pools and batches once it is loaded."""
        counts: dict[str, Any] = {
            "instances": len(self._instances),
            "launched": self._launched,
            "programs": len(self._programs),
            "subscriptions": len(self._topics),
            "limits_reached": dict(self._limits_reached),
            "model": None,
            "pages_total": 0,
            "pages_free": 0,
            "batches": 0,
        }
        return counts | (self._model.status() if self._model is not None else {})

    async def close(self) -> None:
        """End all programs, the inference process and all threads. Twice is fine."""
        if self._closing:
            return
        self._closing = True
        for instance in list(self._instances.values()):
            instance.terminate("the server is ending")
        if self._loading is not None:
            self._loading.cancel()
            await asyncio.wait([self._loading])
        if self._errands:
            await asyncio.wait(self._errands)
        await self._http.close()
        model, self._model = self._model, None
        if model is not None:
            model.scheduler.give_up(CallError(Status.CANCELLED, "the server is ending"))
            await model.link.close()
        if self._leaving:
            await asyncio.wait(self._leaving)
        await asyncio.to_thread(self._pump.close)
        await asyncio.to_thread(self._engine.close)

    def _check_open(self) -> None:
        if self._closing:
            raise LaunchRefused("closing", "the server is ending and takes nothing new")

    # Between programs and pump

    def _on_step(self, guest: PumpedGuest, submissions: list[Submission], trap: GuestTrap | None) -> None:
        """What a program asks for, or what ended it."""
        instance = self._instances[guest]
        if self._trace is not None:
            calls, line = self._calls.named(instance, submissions), instance.line(*submissions[-1:])
            self._trace.slice(PROGRAMS, instance.id, "run", guest.began, time.perf_counter(), line=line, calls=calls)
        try:
            for submission in submissions:
                self._calls.run(instance, submission)
                if instance.over:
                    return
            if trap is not None:
                instance.trapped(trap)
            elif guest.guest.cpu_seconds > instance.usage.limit("cpu_seconds"):
                self._over_limit(instance, "cpu_seconds")
        except Exception as error:  # noqa: BLE001  a fault of ours ends the program that met it, with its record
            self._log.exception("a call of %s failed", instance.id)
            instance.end(Failed(instance.id, "internal", f"a call failed, which is a fault of pielang: {error!r}", ()))

    def _on_swept(self) -> None:
        if self._model is not None:
            self._model.scheduler.poke()

    def _guests(self) -> tuple[int, float]:
        return self._pump.waiting, self._pump.guest_seconds

    def _on_end(self, instance: Instance, reason: str) -> None:
        del self._instances[instance.guest]
        self._pump.drop(instance.guest, reason)
        if self._recorder is not None and instance.number == 1:
            try:
                self._recorder.close(reason)
            except GuestTrap as trap:  # the program has ended as it should
                self._log.warning(trap.message)
        for task in instance.errands:
            task.cancel()
        if instance.model is not None and not self._closing:
            self._loop.call_soon(instance.model.scheduler.poke)


def required_traits(described: Mapping[str, Any]) -> list[str]:
    """What a program needs of a model: the traits that its manifest names, and those of the calls it may make."""
    calls = set(described.get("calls", ()))
    wanted = {call.trait for call in CALLS if call.name in calls and call.trait != "Runtime"}
    return sorted(wanted | set(described.get("traits", ())))
