"""The serve process's end of the wire: it starts the inference process, sends batches and delivers results.

Comes in: `InferenceOptions`, then one `Batch` after another. Goes out: a `BatchResult` each. When the
process ends, whoever waits gets `InferenceDied`; nobody waits for ever.

    InferenceDied
    └── InferenceStartFailed    it never became ready

The processes are tied together three ways: ZeroMQ carries the work, the exit of the child is watched by the event
loop, and the child's standard input is a pipe that closes when this process is gone, however it went, so that no
orphan stays.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import zmq

import pielang
from pielang.server.wire.batch import Batch, BatchResult, Done, ModelInfo
from pielang.server.wire.codec import Failed, WireError, decode, encode

_STDERR_LINES = 40


@dataclass(frozen=True, slots=True)
class InferenceOptions:
    """What the inference process is to load and how much it may take."""

    model: Path  # a Hugging Face folder
    name: str = ""  # what programs see as the model's name; empty: the folder's
    dtype: str = "float32"  # or "bfloat16"
    device: str = "auto"  # "auto", "cpu" or "cuda"
    threads: int | None = None  # of the CPU back end; None: one per core
    page_count: int | None = None  # KV pages; None: as many as `kv_bytes` holds
    kv_bytes: int | None = None  # bytes of KV cache; None: a share of the free memory
    host_pages: int | None = None  # places in host memory for pages that make room for others; None: as it thinks fit
    embed_count: int = 4096  # slots of the embedding pool
    token_slots: int = 4096  # slots for sampled tokens on the device
    adapter_slots: int = 16  # adapters that are loaded at once
    simulate: str = ""  # a device of server/simulation instead of a real one; `model` gives the tokenizer
    start_seconds: float = 120.0  # how long it may take to become ready
    stall_seconds: float = 300.0  # a batch that takes longer means that the process hangs: it is ended

    def text(self) -> str:
        """What the process is given on its command line."""
        return json.dumps(asdict(self), default=str)

    @classmethod
    def read(cls, text: str) -> InferenceOptions:
        """The reverse."""
        given = json.loads(text)
        return cls(**given | {"model": Path(given["model"])})


class InferenceDied(Exception):
    """The inference process is gone. `exit_code` is negative for a signal, None when it has not ended by itself."""

    def __init__(self, reason: str, exit_code: int | None = None, stderr_tail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.exit_code = exit_code
        self.stderr_tail = stderr_tail


class InferenceStartFailed(InferenceDied):
    """The inference process did not become ready: the model can't be loaded, or it died on the way."""


class InferenceLink:
    """A running inference process. Made by `start`; all methods are for the event loop's thread."""

    info: ModelInfo

    def __init__(
        self, options: InferenceOptions, folder: Path, on_lost: Callable[[InferenceDied], None] | None = None
    ) -> None:
        self._options = options
        self._folder = folder
        self._on_lost = on_lost
        self._loop = asyncio.get_running_loop()
        self._context = zmq.Context()
        self._socket = self._context.socket(zmq.PAIR)
        self._socket.set_hwm(0)
        self._socket.linger = 0
        self._endpoint = f"ipc://{folder / 'wire'}"
        self._socket.bind(self._endpoint)
        self._descriptor = _integer(self._socket.getsockopt(zmq.FD))
        self._loop.add_reader(self._descriptor, self._receive)
        self._ready: asyncio.Future[ModelInfo] = self._loop.create_future()
        self._waiting: dict[int, tuple[Done, float]] = {}
        self._latest = -1
        self._stderr: deque[str] = deque(maxlen=_STDERR_LINES)
        self._dead: InferenceDied | None = None
        self._closing = False
        self._process: asyncio.subprocess.Process | None = None
        self._tasks: list[asyncio.Task[None]] = []

    @classmethod
    async def start(
        cls, options: InferenceOptions, on_lost: Callable[[InferenceDied], None] | None = None
    ) -> InferenceLink:
        """Start the process and wait until it has loaded the model.

        `on_lost` is called once if the process ends by itself later. Raises `InferenceStartFailed`.
        """
        # a folder of our own, which nobody else may enter: the socket needs no other lock
        folder = Path(tempfile.mkdtemp(prefix="pielang-"))
        link = cls(options, folder, on_lost)
        try:
            await link._spawn()
            link.info = await asyncio.wait_for(asyncio.shield(link._ready), options.start_seconds)
        except TimeoutError:
            await link.close()
            raise InferenceStartFailed(
                f"the inference process was not ready after {options.start_seconds:g} s", None, link._tail()
            ) from None
        except BaseException:
            await link.close()
            raise
        return link

    @property
    def alive(self) -> bool:
        """Whether batches can be submitted."""
        return self._dead is None and not self._closing

    @property
    def process_id(self) -> int:
        """The operating system's id of the inference process."""
        assert self._process is not None
        return self._process.pid

    def send(self, batch: Batch, done: Done) -> None:
        """Send a batch; `done` gets its result, or `InferenceDied`. The arrays may be changed once this returns.

        A batch that fails as a whole has a result with `error` set. Raises `InferenceDied` when the process is gone,
        ValueError when the batch's id is not larger than all before.
        """
        if self._dead is not None:
            raise self._dead
        if self._closing:
            raise InferenceDied("the link to the inference process is closed")
        if batch.id <= self._latest:
            raise ValueError(f"batch {batch.id} comes after {self._latest}: numbers of batches grow")
        self._latest = batch.id
        self._socket.send_multipart(encode(batch), zmq.NOBLOCK, copy=True)
        self._waiting[batch.id] = (done, time.monotonic())
        # a send can swallow the edge that the descriptor would have shown
        if _integer(self._socket.getsockopt(zmq.EVENTS)) & zmq.POLLIN:
            self._loop.call_soon(self._receive)

    async def close(self) -> None:
        """End the process and free everything; batches in flight fail. Closing twice is fine."""
        if self._closing:
            return
        self._closing = True
        self._lose("the link to the inference process is closed")
        process = self._process
        try:
            if process is not None:
                # it keeps nothing that would be lost
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
                await asyncio.gather(*self._tasks, return_exceptions=True)
        finally:
            for task in self._tasks:
                task.cancel()
            self._loop.remove_reader(self._descriptor)
            self._socket.close()
            self._context.term()
            shutil.rmtree(self._folder, ignore_errors=True)

    # ---- the process

    async def _spawn(self) -> None:
        above = str(Path(pielang.__file__).resolve().parent.parent)
        path = os.pathsep.join(part for part in (above, os.environ.get("PYTHONPATH")) if part)
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "pielang.server.simulation" if self._options.simulate else "pielang.server.inference",
            self._endpoint,
            self._options.text(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,  # Ctrl-C is for the serve process, which then ends this one in order
        )
        self._tasks = [
            asyncio.create_task(self._read_stderr(self._process)),
            asyncio.create_task(self._watch_exit(self._process)),
            asyncio.create_task(self._watch_stall(self._process)),
        ]

    async def _read_stderr(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None
        while chunk := await process.stderr.read(4096):
            # whole lines are not waited for: a line may be longer than any buffer
            self._stderr.extend(chunk.decode("utf-8", "replace").splitlines())

    async def _watch_exit(self, process: asyncio.subprocess.Process) -> None:
        code = await process.wait()
        # give its last words and results a moment to arrive
        await asyncio.wait(self._tasks[:1], timeout=0.5)
        self._receive()
        how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
        self._lose(f"the inference process {how}", code)

    async def _watch_stall(self, process: asyncio.subprocess.Process) -> None:
        limit = self._options.stall_seconds
        while process.returncode is None:
            await asyncio.wait(self._tasks[1:2], timeout=limit / 4)
            oldest = next(iter(self._waiting.values()), None)  # batches run in the order in which they came in
            if oldest is not None and time.monotonic() - oldest[1] > limit:
                self._lose(f"the inference process took more than {limit:g} s for one batch and was ended")
                process.kill()
                return

    def _tail(self) -> str:
        return "\n".join(self._stderr)

    def _lose(self, reason: str, code: int | None = None) -> None:
        if self._dead is not None:
            return
        self._dead = InferenceDied(reason, code, self._tail())
        if not self._ready.done():
            last = next((line for line in reversed(self._stderr) if line.strip()), "")
            text = f"{reason} before it was ready{': ' + last if last else ''}"
            self._ready.set_exception(InferenceStartFailed(text, code, self._tail()))
            self._ready.exception()  # seen, also if nobody waits any more
        waiting, self._waiting = self._waiting, {}
        for done, _ in waiting.values():
            done(self._dead)
        if self._on_lost is not None and not self._closing and self._ready.exception() is None:
            self._on_lost(self._dead)

    # ---- messages

    def _receive(self) -> None:
        if self._socket.closed:
            return
        while _integer(self._socket.getsockopt(zmq.EVENTS)) & zmq.POLLIN:
            frames = self._socket.recv_multipart(zmq.NOBLOCK)
            try:
                message = decode(frames)
            except WireError as error:
                self._lose(f"the inference process sent what can't be read: {error}")
                if self._process is not None and self._process.returncode is None:
                    self._process.kill()
                return
            match message:
                case BatchResult(id=id):
                    done, _ = self._waiting.pop(id, (None, 0.0))
                    if done is not None:
                        done(message)
                case ModelInfo() if not self._ready.done():
                    self._ready.set_result(message)
                case Failed(message=text) if not self._ready.done():
                    self._ready.set_exception(InferenceStartFailed(text, None, self._tail()))
                case _:
                    self._lose("the inference process sent a message that is not its to send")


def _integer(option: object) -> int:
    assert isinstance(option, int)
    return option
