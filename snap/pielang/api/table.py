"""Every call an inferlet can make: name, opcode, trait, arguments and result.

Opcodes are part of the guest boundary: a number is never reused, and a call that changes its arguments takes a new one
(71 and 72 were `sample` and `generate` before they had penalties and grammars, 92 was `http_request`).

An argument of type `handle` travels in the entry's scalar field (a call has at most one); all others make up one
msgpack array. `queue` calls take the handle of a command queue and are run in the order in which they came to that
queue. `posted` calls have no result and nobody waits for them: when one fails, the next awaited call on its queue
raises its error.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    """Types that cross the boundary; the value is the type in the language."""

    INT = "int"
    FLOAT = "float"
    BOOL = "bool"
    STR = "str"
    BYTES = "bytes"
    U32S = "list[int]"
    F32S = "list[float]"
    STRS = "list[str]"
    OPTIONAL_INT = "int | None"
    OPTIONAL_STR = "str | None"
    HANDLE = "handle"


@dataclass(frozen=True, slots=True)
class Field:
    """An argument, a result or an attribute of a record. A record as an argument travels as its fields."""

    name: str
    kind: Kind | ListOf | Record
    doc: str = ""
    default: str = ""  # as written in the language


@dataclass(frozen=True, slots=True)
class Record:
    """A class of the language with these attributes; travels as a msgpack array of their values."""

    name: str
    doc: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    record: Record


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `result`: nothing, a `handle` (the completion's scalar), a record, one value, or several (a tuple)."""

    name: str
    opcode: int
    doc: str
    trait: str = "Runtime"
    arguments: tuple[Field, ...] = ()
    result: tuple[Field, ...] | Record = ()
    queue: bool = False
    posted: bool = False
    model: bool = False  # needs a loaded model: the inference process is started for it
    raw: bool = False  # the arguments are not an array of values: core fills them in itself
    packed: tuple[Field, ...] = field(init=False, default=())  # the arguments that are in that array

    def __post_init__(self) -> None:
        inside = tuple(
            field
            for argument in self.arguments
            for field in (argument.kind.fields if isinstance(argument.kind, Record) else (argument,))
            if field.kind is not Kind.HANDLE
        )
        object.__setattr__(self, "packed", inside)


SUPERTRAITS: dict[str, tuple[str, ...]] = {
    "Runtime": (),
    "Allocate": ("Runtime",),
    "Forward": ("Allocate",),
    "InputText": ("Forward",),
    "Tokenize": ("Runtime",),
    "OutputText": ("InputText", "Tokenize"),
    "Adapter": ("Forward",),
    "Introspect": ("Forward",),
    "InputImage": ("Forward",),
    "Grammar": ("Tokenize",),
}
"""What a trait builds on: a model that has `OutputText` has all of `InputText`, `Tokenize` and so on."""

ROLE_FORMAT = Record(
    "RoleFormat",
    "Text around a message of one role, as the model's chat template writes it.",
    (Field("role", Kind.STR), Field("prefix", Kind.STR), Field("suffix", Kind.STR)),
)

MODEL_INFO = Record(
    "ModelInfo",
    "What is known of a loaded model.",
    (
        Field("name", Kind.STR),
        Field("architecture", Kind.STR),
        Field("vocab_size", Kind.INT),
        Field("context_length", Kind.INT, "tokens"),
        Field("page_size", Kind.INT, "tokens a KV page holds"),
        Field("bos_token", Kind.OPTIONAL_INT),
        Field("end_tokens", Kind.U32S),
        Field("traits", Kind.STRS),
        Field("roles", ListOf(ROLE_FORMAT)),
        Field("default_system", Kind.OPTIONAL_STR, "the system text the template adds when there is none"),
        Field("opening", Kind.STR, "text before the first message"),
        Field("answer_prefix", Kind.STR, "what makes the model speak as assistant"),
    ),
)

PAGE_STATUS = Record(
    "PageStatus",
    "Where KV pages are.",
    (
        Field("total", Kind.INT, "pages that the device has"),
        Field("free", Kind.INT, "of these, pages that nobody holds"),
        Field("resident", Kind.INT, "pages of the program on the device"),
        Field("swapped", Kind.INT, "pages of the program in host memory, while it makes room for others"),
    ),
)

QUEUE = Field("queue", Kind.HANDLE)
LOOP = Field("loop", Kind.HANDLE)
SUBSCRIPTION = Field("subscription", Kind.HANDLE)
CHILD = Field("child", Kind.HANDLE)
EXCHANGE = Field("exchange", Kind.HANDLE, "an HTTP request and its answer")
INTERPRETER = Field("interpreter", Kind.HANDLE)
NAME = Field("name", Kind.STR)
PAGES = Field("pages", Kind.U32S)
EMBEDS = Field("embeds", Kind.U32S)
URL = Field("url", Kind.STR)
HEADERS = Field("headers", Kind.STRS, "each 'Name: value'")
BODY = Field("body", Kind.BYTES)
RESPONSE = (Field("status", Kind.INT), HEADERS, BODY)
COUNT = Field("count", Kind.INT)
TOKENS = Field("tokens", Kind.U32S)
MODEL = Field("model", Kind.STR, "a model's name, or an empty text for the default one")
SAMPLER = Record(
    "Sampler",
    "How a token is drawn; in this order: penalties and bias on the logits, grammar, temperature, top_k, top_p, min_p.",
    (
        Field("temperature", Kind.FLOAT, "0: the likeliest token", "0.0"),
        Field("top_k", Kind.INT, "0: all tokens", "0"),
        Field("top_p", Kind.FLOAT, "1: all tokens", "1.0"),
        Field("min_p", Kind.FLOAT, "0: all tokens", "0.0"),
        Field("seed", Kind.INT, "", "0"),
        Field(
            "repetition", Kind.FLOAT, "divides the logits above 0 of tokens that came before, multiplies others", "1.0"
        ),
        Field("presence", Kind.FLOAT, "taken off the logit of each token made before", "0.0"),
        Field("frequency", Kind.FLOAT, "taken off the logit for each time the token was made", "0.0"),
        Field("bias_tokens", Kind.U32S, "tokens whose logits are changed", "[]"),
        Field("bias", Kind.F32S, "by how much, -inf allowed", "[]"),
    ),
)
HOW = Field("how", SAMPLER)
KV_LEN = Field("kv_len", Kind.INT, "places of `pages` in use before")
INPUTS = Field("inputs", Kind.U32S)
OUTPUTS = Field("outputs", Kind.U32S)
ROW = (PAGES, KV_LEN, INPUTS, OUTPUTS)
GRAMMAR = Field("grammar", Kind.HANDLE)

CALLS: tuple[Call, ...] = (
    # The guest itself: written by the core library, never called by name.
    Call("exit", 1, "The program ended; its result, packed.", raw=True),
    Call("fail", 2, "The program ended by an exception that nobody caught.", raw=True),
    Call("write", 3, "Bytes for standard output (scalar 1) or standard error (scalar 2).", raw=True),
    Call("fetch", 4, "The result of an earlier call (its ticket is the scalar) that did not fit its buffer.", raw=True),
    Call("get_arg", 5, "The arguments of the program: a map from parameter name to value.", raw=True),
    Call("release", 6, "Give back what the handle (the scalar) stands for; its object was collected.", raw=True),
    # Runtime
    Call("send", 10, "Send a message to the client.", arguments=(Field("message", Kind.STR),), posted=True),
    Call("receive", 11, "Wait for the next message of the client.", result=(Field("message", Kind.STR),)),
    Call("log", 12, "Write a line to the server's log.", arguments=(Field("message", Kind.STR),), posted=True),
    Call("sleep", 13, "Wait.", arguments=(Field("seconds", Kind.FLOAT),)),
    Call("now", 14, "Seconds since 1970, by the server's clock.", result=(Field("seconds", Kind.FLOAT),)),
    Call("random_seed", 15, "A number nobody can guess, from 0 to 2**63 - 1.", result=(Field("seed", Kind.INT),)),
    Call("instance_id", 16, "The name of this running program.", result=(Field("id", Kind.STR),)),
    Call("available_models", 17, "Names of the models served, the default one first.",
         result=(Field("names", Kind.STRS),), model=True),
    Call("available_traits", 18, "What a model can do.", arguments=(MODEL,),
         result=(Field("traits", Kind.STRS),), model=True),
    Call("model_info", 19, "What is known of a model.", arguments=(MODEL,), result=MODEL_INFO, model=True),
    Call("create_queue", 20, "A new command queue.", result=(QUEUE,), model=True),
    Call("synchronize", 21, "Wait until every call that is in the queue now is done.", arguments=(QUEUE,),
         queue=True, model=True),
    Call("set_queue_priority", 22, "Calls of a queue with a higher number go first. 0 to begin with.",
         arguments=(QUEUE, Field("priority", Kind.INT)), queue=True, posted=True, model=True),
    # Allocate
    Call("alloc_kvpage", 30, "New KV pages.", "Allocate", (QUEUE, COUNT), (PAGES,), queue=True, model=True),
    Call("dealloc_kvpage", 31, "Give KV pages back once the calls before are done.", "Allocate", (QUEUE, PAGES),
         queue=True, posted=True, model=True),
    Call("copy_kvpage", 32, "Copy the first `tokens` entries of one KV page to another.", "Allocate",
         (QUEUE, Field("source", Kind.INT), Field("target", Kind.INT), Field("tokens", Kind.INT)),
         queue=True, posted=True, model=True),
    Call("alloc_emb", 33, "New places for embeddings and hidden states.", "Allocate", (QUEUE, COUNT), (EMBEDS,),
         queue=True, model=True),
    Call("dealloc_emb", 34, "Give embeddings back once the calls before are done.", "Allocate", (QUEUE, EMBEDS),
         queue=True, posted=True, model=True),
    Call("export_kvpage", 35,
         "Keep KV pages under a name, also after this program has ended, with a note for whoever imports them. From "
         "now on nobody can write to them.", "Allocate",
         (QUEUE, PAGES, NAME, Field("note", Kind.BYTES)), queue=True, model=True),
    Call("import_kvpage", 36, "The pages that were exported under a name, to be read, and their note.", "Allocate",
         (QUEUE, NAME), (PAGES, Field("note", Kind.BYTES)), queue=True, model=True),
    Call("release_export", 37, "Forget a name; the pages live on with those who have imported them.", "Allocate",
         (NAME,), model=True),
    Call("list_exports", 38, "The names under which pages are kept, oldest first.", "Allocate",
         result=(Field("names", Kind.STRS),), model=True),
    Call("try_alloc_kvpage", 39, "As alloc_kvpage, but none at all when there are not as many.", "Allocate",
         (QUEUE, COUNT), (PAGES,), queue=True, model=True),
    Call("kvpage_status", 29, "How many KV pages there are, and where those of the program are.", "Allocate",
         result=PAGE_STATUS, model=True),
    # Forward, InputText, Tokenize
    Call("forward", 40,
         "Run the model over `inputs`: their KV entries are appended to `pages` from place `kv_len` on, and the hidden "
         "states of the last len(outputs) inputs are left in `outputs`.", "Forward",
         (QUEUE, *ROW), queue=True, posted=True, model=True),
    Call("mask_kvpage", 41,
         "From now on no call sees the entries of a KV page at the places `hidden` (counted within the page); all its "
         "other entries are seen.", "Forward",
         (QUEUE, Field("page", Kind.INT), Field("hidden", Kind.U32S)), queue=True, posted=True, model=True),
    Call("forward_with_mask", 42,
         "As forward, for inputs embedded for any positions. The states of the inputs with the indexes `at` are left "
         "in `outputs`. `mask` has for each input, in whole bytes and lowest bit first, a bit for each place up to the "
         "last input's: whether it is seen. Without a mask an input sees all places before `kv_len`, and of the "
         "inputs those whose positions are not above its own.", "Forward",
         (QUEUE, *ROW, Field("at", Kind.U32S), Field("mask", Kind.BYTES)), queue=True, posted=True, model=True),
    Call("read_emb", 43, "The hidden states that forwards left in `embeds`, one after another.", "Forward",
         (QUEUE, EMBEDS), (Field("values", Kind.F32S),), queue=True, model=True),
    Call("load_adapter", 44, "A LoRA adapter by its name in the server's folder of adapters (--adapters).", "Adapter",
         (QUEUE, NAME), (Field("adapter", Kind.HANDLE),), queue=True, model=True),
    Call("forward_with_adapter", 45, "As forward, with an adapter's changes to the weights.", "Adapter",
         (QUEUE, Field("adapter", Kind.INT), *ROW), queue=True, posted=True, model=True),
    Call("forward_with_attention", 46,
         "As forward; answers with the attention that each place up to the last input got: the mean over layers, heads "
         "and inputs.", "Introspect",
         (QUEUE, *ROW), (Field("scores", Kind.F32S),), queue=True, model=True),
    Call("embed_txt", 50, "Make embeddings of tokens that stand at `positions` of their sequence.", "InputText",
         (QUEUE, TOKENS, Field("positions", Kind.U32S), EMBEDS), queue=True, posted=True, model=True),
    Call("num_embs_needed", 51, "How many embeddings an image of so many pixels fills.", "InputImage",
         (Field("width", Kind.INT), Field("height", Kind.INT)), (COUNT,), model=True),
    Call("embed_img", 52,
         "Fill embeddings, which stand at `positions` of their sequence, from an image file (PNG, JPEG and others).",
         "InputImage", (QUEUE, Field("image", Kind.BYTES), Field("positions", Kind.U32S), EMBEDS),
         queue=True, posted=True, model=True),
    Call("tokenize", 60, "The tokens of a text; special tokens written in it count as such.", "Tokenize",
         (Field("text", Kind.STR),), (TOKENS,), model=True),
    Call("detokenize", 61, "The text of tokens, as bytes: its ends may lie within a character.", "Tokenize",
         (TOKENS,), (Field("text", Kind.BYTES),), model=True),
    Call("get_vocabs", 62, "The bytes of all tokens, one after another, and how many each has.", "Tokenize",
         result=(Field("data", Kind.BYTES), Field("sizes", Kind.U32S)), model=True),
    # OutputText
    Call("get_next_dist", 70, "For each of `embeds` the `top_k` likeliest next tokens, likeliest first, row after row.",
         "OutputText", (QUEUE, EMBEDS, Field("top_k", Kind.INT)),
         (Field("ids", Kind.U32S), Field("probs", Kind.F32S)), queue=True, model=True),
    Call("sample", 75,
         "Draw the next token after each of `embeds`; embed i draws by (seed, step + i). The penalties of `how` count "
         "the tokens `before` and those `made`; `allowed` are the tokens to choose from, as next_mask gives them, or "
         "nothing: all.", "OutputText",
         (QUEUE, EMBEDS, HOW, Field("step", Kind.INT), Field("before", Kind.U32S), Field("made", Kind.U32S),
          Field("allowed", Kind.BYTES)),
         (TOKENS, Field("logprobs", Kind.F32S)), queue=True, model=True),
    Call("generate", 76,
         "Start a loop that appends `tokens` at place `kv_len` of `pages` and then token after token, until one of "
         "`stop_tokens` (kept as last token), a text of `stop_strings`, or `max_tokens`. `pages` must have room for "
         "all of them. Penalties count the tokens `before` these, too.",
         "OutputText",
         (QUEUE, PAGES, KV_LEN, TOKENS, Field("max_tokens", Kind.INT), HOW, Field("before", Kind.U32S),
          Field("stop_tokens", Kind.U32S), Field("stop_strings", Kind.STRS),
          Field("grammar", Kind.INT, "a grammar that the text follows from its beginning; 0: none"),
          Field("adapter", Kind.INT, "0: none")),
         (LOOP,), queue=True, model=True),
    Call("generate_next", 73,
         "What a loop has made since the last time, once that is `minimum` tokens or the loop has ended; then the "
         "finish reason is 'end', 'stop' or 'length', before it is empty.", "OutputText",
         (LOOP, Field("minimum", Kind.INT)),
         (TOKENS, Field("logprobs", Kind.F32S), Field("text", Kind.BYTES), Field("finish_reason", Kind.STR)),
         model=True),
    Call("generate_stop", 74, "End a loop; tokens that were not asked for yet are taken back.", "OutputText",
         (LOOP,), posted=True, model=True),
    # Grammar
    Call("compile_grammar", 77,
         "A grammar of `kind` 'json' (a JSON schema), 'regex', 'lark' or 'ebnf', ready to follow a text.", "Grammar",
         (Field("kind", Kind.STR), Field("source", Kind.STR)), (GRAMMAR,), model=True),
    Call("next_mask", 78, "The tokens that may come next: a bit for each of the vocabulary, lowest first.", "Grammar",
         (GRAMMAR,), (Field("allowed", Kind.BYTES),), model=True),
    Call("accept", 79,
         "The text went on by `tokens`. How many of them the grammar takes (the others are not counted as text), "
         "whether the text may end here, and the tokens that must come next.", "Grammar",
         (GRAMMAR, TOKENS), (Field("taken", Kind.INT), Field("complete", Kind.BOOL), Field("forced", Kind.U32S)),
         model=True),
    # Between programs
    Call("broadcast", 80, "Send a message to all programs that listen to a topic.",
         arguments=(Field("topic", Kind.STR), Field("message", Kind.STR)), posted=True),
    Call("subscribe", 81, "Listen to a topic from now on.", arguments=(Field("topic", Kind.STR),),
         result=(SUBSCRIPTION,)),
    Call("unsubscribe", 82, "Listen no more.", arguments=(SUBSCRIPTION,), posted=True),
    Call("next_broadcast", 83, "Wait for the next message of a topic.", arguments=(SUBSCRIPTION,),
         result=(Field("message", Kind.STR),)),
    Call("spawn", 84, "Start another program that was uploaded, by its name, with its arguments as a packed map.",
         arguments=(Field("program", Kind.STR), Field("values", Kind.BYTES)), result=(CHILD,)),
    Call("wait_child", 85, "Wait for a spawned program's end: its result, packed.", arguments=(CHILD,),
         result=(Field("result", Kind.BYTES),)),
    # HTTP
    Call("http_get", 90, "Fetch an address. The program must say that it uses the host (`# pielang: net=HOST`).",
         arguments=(URL, HEADERS), result=RESPONSE),
    Call("http_post", 91, "Send a body to an address; as http_get.", arguments=(URL, HEADERS, BODY), result=RESPONSE),
    Call("http_open", 93,
         "Begin a request: any method of GET, HEAD, POST, PUT, PATCH, DELETE. The program must say that it uses the "
         "host, as for http_get.",
         arguments=(Field("method", Kind.STR), URL, HEADERS, BODY,
                    Field("more", Kind.BOOL, "whether more of the body follows, by http_write")), result=(EXCHANGE,)),
    Call("http_write", 94, "The next piece of a request's body, an empty one its end. Waits while earlier ones do.",
         arguments=(EXCHANGE, Field("piece", Kind.BYTES))),
    Call("http_answer", 95, "Wait for the status and the headers of the answer.", arguments=(EXCHANGE,),
         result=RESPONSE[:2]),
    Call("http_read", 96, "The next piece of the answer's body, at most 64 KiB; an empty one at its end.",
         arguments=(EXCHANGE,), result=(Field("piece", Kind.BYTES),)),
    Call("http_close", 97, "Give a request back, wherever it is; what waits for it is cancelled.",
         arguments=(EXCHANGE,)),
    # Source known only at run time
    Call("open_interpreter", 100, "A new MicroPython, of which `step_interpreter` takes commands.",
         arguments=(Field("memory_mb", Kind.INT), Field("time_limit", Kind.FLOAT, "seconds a command may run")),
         result=(INTERPRETER,)),
    Call("step_interpreter", 101,
         'Give an interpreter a command, a JSON array: ["exec", source], ["eval", source], ["set", name, value], '
         '["define", name], or ["answer", value] or ["error", type, message] to a call. What it says to that: '
         '["value", value], ["call", name, arguments], ["raised", type, message, traceback] or ["ended", why].',
         arguments=(INTERPRETER, Field("command", Kind.STR)),
         result=(Field("said", Kind.STR), Field("output", Kind.BYTES, "printed since the last step"))),
    Call("close_interpreter", 102, "End an interpreter, also one that is at work.", arguments=(INTERPRETER,),
         posted=True),
)  # fmt: skip


def by_opcode() -> dict[int, Call]:
    return {call.opcode: call for call in CALLS}


def with_supertraits(traits: tuple[str, ...]) -> tuple[str, ...]:
    """The traits and all that they build on, each once, in the table's order."""
    wanted = set(traits)
    for trait in reversed(SUPERTRAITS):
        if trait in wanted:
            wanted.update(SUPERTRAITS[trait])
    known = [trait for trait in SUPERTRAITS if trait in wanted]
    return tuple(known) + tuple(sorted(wanted - set(known)))
