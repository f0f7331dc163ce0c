"""What the calls that need a model do.

In: submissions of running programs that were launched with this model. Out: commands in queues, answers, or a
`CallError`.
Each method is named for its call.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pielang.api.errors import CallError, Status
from pielang.api.table import CALLS, SAMPLER
from pielang.server.control import queues
from pielang.server.control.batching import RowOptions
from pielang.server.control.loops import Loop
from pielang.server.control.queues import Command, CommandQueue
from pielang.server.control.resources import Embed, Kind
from pielang.vm.guest import Submission

if TYPE_CHECKING:
    from pielang.server.control.lifecycle import Instance
    from pielang.server.control.model import Model

MAX_ALLOCATION = 65536


class ModelCalls:
    """One per model."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._scheduler = model.scheduler
        (generate,) = (call for call in CALLS if call.name == "generate")
        self._generate_names = [field.name for field in generate.packed]
        self._names = {call.opcode: call.name for call in CALLS if call.model}
        self.handlers = {opcode: getattr(self, name) for opcode, name in self._names.items()}

    def refuse(self, instance: Instance, submission: Submission, error: CallError) -> None:
        """A posted call that cannot be done: its error stands in its place in the queue."""
        self._push(instance, submission, queues.Refuse(0, error))

    def _push(self, instance: Instance, submission: Submission, command: Command) -> None:
        try:
            queue = instance.handles.get(submission.scalar, Kind.QUEUE)
        except CallError:
            queues.drop(command, self._scheduler)
            raise
        if instance.trace is not None:
            command.line = f"{self._names[submission.opcode]} {instance.line(submission)}".rstrip()
        self._scheduler.push(queue, command)

    def _own(self, instance: Instance, submission: Submission, pages: list[int], start: int, count: int) -> None:
        """Before a call that writes to places of these pages."""
        if self._scheduler.prefixes.any:
            self._scheduler.own(instance.handles.get(submission.scalar, Kind.QUEUE), pages, start, count)

    def _named(self, name: str) -> Model:
        if name not in ("", self._model.info.name):
            problem = f"the model '{name}' is not served here; served: {self._model.info.name}"
            raise CallError(Status.MODEL_ERROR, problem)
        return self._model

    # Runtime

    def available_models(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.complete(submission.ticket, [self._model.info.name])

    def available_traits(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.complete(submission.ticket, list(self._named(arguments[0]).traits))

    def model_info(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.complete(submission.ticket, self._named(arguments[0]).record())

    def create_queue(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        queue = CommandQueue(instance)
        handle = instance.handles.add(Kind.QUEUE, queue)
        instance.queues.append(queue)
        instance.complete(submission.ticket, scalar=handle)

    def synchronize(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        self._push(instance, submission, queues.Synchronize(submission.ticket))

    def set_queue_priority(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        self._push(instance, submission, queues.SetPriority(submission.ticket, arguments[0]))

    # Allocate

    def alloc_kvpage(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        self._allocate(instance, submission, Kind.PAGE, arguments[0])

    def try_alloc_kvpage(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        self._allocate(instance, submission, Kind.PAGE, arguments[0], tentative=True)

    def kvpage_status(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        pool, mine = self._scheduler.pages, instance.handles.things(Kind.PAGE)
        swapped = sum(page >= pool.size for page in mine)
        instance.complete(submission.ticket, (pool.size, pool.free, len(mine) - swapped, swapped))

    def alloc_emb(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        self._allocate(instance, submission, Kind.EMBED, arguments[0])

    def _allocate(
        self, instance: Instance, submission: Submission, kind: Kind, count: int, tentative: bool = False
    ) -> None:
        if not 0 <= count <= MAX_ALLOCATION:
            problem = f"{count} {kind.value}s cannot be had at once: from 0 to {MAX_ALLOCATION} can"
            raise CallError(Status.VALUE_ERROR, problem)
        self._push(instance, submission, queues.Allocate(submission.ticket, kind, count, tentative))

    def dealloc_kvpage(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        queues.deallocate(instance, Kind.PAGE, arguments[0], self._scheduler)

    def dealloc_emb(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        self._push(instance, submission, queues.DeallocateEmbeds(submission.ticket, arguments[0]))

    def copy_kvpage(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        self._own(instance, submission, arguments[1:2], 0, arguments[2])
        self._push(instance, submission, queues.copy_page(self._scheduler, submission.ticket, instance, *arguments))

    def export_kvpage(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        pages, name, note = arguments
        command = queues.Export(submission.ticket, name, note)
        queues.hold(command, instance, pages, self._scheduler)
        self._push(instance, submission, command)

    def import_kvpage(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        self._push(instance, submission, queues.Import(submission.ticket, arguments[0]))

    def release_export(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        self._scheduler.exports.release(arguments[0])
        instance.complete(submission.ticket)

    def list_exports(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.complete(submission.ticket, self._scheduler.exports.names)

    # Forward, InputText, Tokenize, OutputText

    def embed_txt(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        queues.embed_text(self._scheduler, instance, *arguments)

    def forward(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        self._own(instance, submission, arguments[0], arguments[1], len(arguments[2]))
        self._push(instance, submission, queues.forward(self._scheduler, submission.ticket, instance, *arguments))

    def mask_kvpage(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        self._own(instance, submission, arguments[:1], 0, 1)
        self._push(instance, submission, queues.mask_page(self._scheduler, submission.ticket, instance, *arguments))

    def forward_with_mask(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        *row, at, mask = arguments
        self._forward(instance, submission, row, RowOptions(at=at, mask=mask))

    def forward_with_adapter(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        adapter, *row = arguments
        self._forward(instance, submission, row, RowOptions(adapter=instance.handles.get(adapter, Kind.ADAPTER).slot))

    def forward_with_attention(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        self._forward(instance, submission, arguments, RowOptions(scores=True))

    def _forward(self, instance: Instance, submission: Submission, row: list[Any], options: RowOptions) -> None:
        pages, kv_len, inputs, outputs = row
        self._own(instance, submission, pages, kv_len, len(inputs))
        command = queues.forward(self._scheduler, submission.ticket, instance, pages, kv_len, inputs, outputs, options)
        self._push(instance, submission, command)

    def read_emb(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        self._push(instance, submission, queues.ReadEmbeds(submission.ticket, _embeds(instance, arguments[0])))

    def load_adapter(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        self._push(instance, submission, self._model.adapters.load(submission.ticket, instance, arguments[0]))

    def num_embs_needed(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        if min(arguments) < 1:
            raise CallError(Status.VALUE_ERROR, "num_embs_needed(): an image has at least one pixel each way")
        instance.complete(submission.ticket, self._model.info.image_embeds)

    def embed_img(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        self._push(instance, submission, queues.embed_image(self._scheduler, submission.ticket, instance, *arguments))

    def compile_grammar(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        self._model.grammars.compile(instance, submission.ticket, *arguments)

    def next_mask(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        self._model.grammars.mask(instance, submission.ticket, instance.handles.get(submission.scalar, Kind.GRAMMAR))

    def accept(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        grammar = instance.handles.get(submission.scalar, Kind.GRAMMAR)
        self._scheduler.check_tokens(arguments[0])
        self._model.grammars.accept(instance, submission.ticket, grammar, arguments[0])

    def tokenize(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.complete(submission.ticket, self._model.tokenizer.encode(arguments[0]))

    def detokenize(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        self._scheduler.check_tokens(arguments[0])
        pieces = [self._model.token_bytes(token) for token in arguments[0]]
        instance.complete(submission.ticket, b"".join(pieces))

    def get_vocabs(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.complete(submission.ticket, self._model.vocabulary())

    def get_next_dist(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        command = queues.NextDist(submission.ticket, _embeds(instance, arguments[0]), arguments[1])
        self._push(instance, submission, command)

    def sample(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        embeds, *cuts, step, before, made, allowed = arguments
        command = queues.SampleTokens(
            submission.ticket, _embeds(instance, embeds), queues.Cuts(*cuts), step, before, made, allowed
        )  # fmt: skip
        self._push(instance, submission, command)

    def generate(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        queue: CommandQueue = instance.handles.get(submission.scalar, Kind.QUEUE)
        values = dict(zip(self._generate_names, arguments, strict=True))
        cuts = queues.Cuts(*(values[field.name] for field in SAMPLER.fields))
        self._push(instance, submission, self._model.enrol(submission.ticket, queue, cuts, values))

    def generate_next(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        loop: Loop = instance.handles.get(submission.scalar, Kind.LOOP)
        if not loop.ask(instance, submission.ticket, arguments[0]):
            raise CallError(Status.VALUE_ERROR, "generate_next(): another one waits for this loop already")
        self._scheduler.settle(loop)

    def generate_stop(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        loop: Loop = instance.handles.get(submission.scalar, Kind.LOOP)
        loop.stop()
        self._scheduler.settle(loop)
        if instance.handles.kind(submission.scalar) is Kind.LOOP:
            instance.handles.remove(submission.scalar, Kind.LOOP)


def _embeds(instance: Instance, handles: Sequence[int]) -> list[Embed]:
    return instance.handles.get_all(handles, Kind.EMBED)
