"""The model's chat template, taken apart.

Comes in: a Hugging Face folder. Goes out: `ChatFormat`: the text before and after a message of each role, so that a
program can extend a conversation message by message without rendering it anew. Nothing is known of any template: it
is rendered with sentinel texts, and what stands around them is read off. What was read off is then checked on a
longer conversation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pielang.server.inference.config import ModelRefused, read_json
from pielang.server.wire.batch import RoleFormat

Message = dict[str, str]

# texts that no template holds, with nothing at the edges that a template would strip
_ONE, _TWO, _THREE = "SENTINEL·ONE", "SENTINEL·TWO", "SENTINEL·THREE"


@dataclass(frozen=True, slots=True)
class ChatFormat:
    """See `ModelInfo`, which has the same fields."""

    roles: dict[str, RoleFormat]
    default_system: str | None
    opening: str
    answer_prefix: str


class _NotSplit(Exception):
    """The template can't be taken apart; the message says where it stopped."""


def load_chat_format(folder: Path) -> ChatFormat:
    """The chat format of a model; without roles when it has no template. Raises `ModelRefused`."""
    config = read_json(folder / "tokenizer_config.json", missing={})
    template = config.get("chat_template") or read_json(folder / "chat_template.json", missing={}).get("chat_template")
    if isinstance(template, list):  # several, by name
        template = next((entry["template"] for entry in template if entry.get("name") == "default"), None)
    separate = folder / "chat_template.jinja"
    if template is None and separate.is_file():
        template = separate.read_text("utf-8")
    if template is None:
        return ChatFormat({}, None, "", "")
    special = {name: _content(config.get(name)) for name in ("bos_token", "eos_token", "unk_token", "pad_token")}
    reasons = []
    # as it is; with texts in parts, as templates of models that look at images want them; without a system message,
    # which some templates put inside of another one
    for system in (True, False):
        for parts in (False, True):
            try:
                return split(template, special, parts, system)
            except _NotSplit as error:
                reasons.append(error)
    raise ModelRefused(
        f"{folder}: the chat template does not put messages one after another ({reasons[0]}), so a conversation "
        "can't be extended message by message. Replace `chat_template` in tokenizer_config.json by one that does."
    ) from reasons[0]


def split(template: str, special: dict[str, str], parts: bool = False, with_system: bool = True) -> ChatFormat:
    """Take a template apart; `special` are texts that it may name, such as bos_token; `parts`: texts are in lists."""
    render = _Renderer(template, special, parts)
    question = [_message("user", _ONE)]
    talk = [*question, _message("assistant", _TWO), _message("user", _THREE)]
    before, user_suffix = _cut(render(question), _ONE)
    answer_prefix = _without(render(question), render(question, ask=True))
    # where one message ends and the next begins shows in conversations that end with the one
    assistant_suffix = _cut(render(talk[:2]), _ONE, _TWO)[2]
    _, second, third, _ = _cut(render(talk), _ONE, _TWO, _THREE)
    user_prefix = _without(assistant_suffix, third)
    roles = {
        "user": RoleFormat(user_prefix, user_suffix),
        "assistant": RoleFormat(_without(user_suffix, second), assistant_suffix),
    }
    if not before.endswith(user_prefix):
        raise _NotSplit("a user message begins otherwise at the start")
    start = before.removesuffix(user_prefix)
    system = render.maybe([_message("system", _TWO), *question]) if with_system else None
    opening, default_system = start, None
    if system is not None:
        opening, default_system = _add_system(roles, _cut(system, _TWO, _ONE), start, special.get("bos_token", ""))
    tool = render.maybe([*talk[:2], _message("tool", _THREE), _message("assistant", _ONE)])
    if tool is not None:
        _add_tool(roles, tool)
    result = ChatFormat(roles, default_system, opening, answer_prefix)
    _verify(result, render, system is not None)
    return result


def _add_system(roles: dict[str, RoleFormat], parts: list[str], start: str, bos: str) -> tuple[str, str | None]:
    """Fill in the system role; returns the opening and the default system text."""
    head, middle, _ = parts
    user_prefix = roles["user"].prefix
    if not middle.endswith(user_prefix):
        raise _NotSplit("a user message begins otherwise after a system message")
    # what stands before the first message is the BOS token, unless every message begins with it
    opening = bos if bos and head.startswith(bos) and not user_prefix.startswith(bos) else ""
    prefix, suffix = head.removeprefix(opening), middle.removesuffix(user_prefix)
    roles["system"] = RoleFormat(prefix, suffix)
    added = _without(opening, start)
    if not added:
        return opening, None
    if not added.startswith(prefix) or not added.endswith(suffix) or len(added) < len(prefix) + len(suffix):
        raise _NotSplit("text before the first message is no system message")
    return opening, added[len(prefix) : len(added) - len(suffix)]


def _add_tool(roles: dict[str, RoleFormat], text: str) -> None:
    parts = text.split(_THREE)
    assistant = roles["assistant"]
    if len(parts) != 2 or _TWO + assistant.suffix not in parts[0]:
        return  # the template drops tool messages or folds them into others
    prefix = parts[0].split(_TWO + assistant.suffix, 1)[1]
    following = assistant.prefix + _ONE
    if following in parts[1]:
        roles["tool"] = RoleFormat(prefix, parts[1].split(following, 1)[0])


def _verify(chat: ChatFormat, render: _Renderer, system: bool) -> None:
    """What was read off must write the same text as the template does."""
    texts = [("user", _ONE), ("assistant", _TWO), ("user", _THREE), ("assistant", _ONE), ("user", _TWO)]
    start = chat.opening
    if system:
        texts.insert(0, ("system", _THREE))
    written = start + "".join(chat.roles[role].prefix + text + chat.roles[role].suffix for role, text in texts)
    if render([_message(*entry) for entry in texts], ask=True) != written + chat.answer_prefix:
        raise _NotSplit("a longer conversation is written otherwise than its messages one by one")


class _Renderer:
    """Renders a template the way Hugging Face does, in a sandbox: templates come with models, from anywhere."""

    def __init__(self, template: str, special: dict[str, str], parts: bool) -> None:
        from jinja2 import TemplateError
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        self._error = TemplateError
        environment = ImmutableSandboxedEnvironment(
            trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
        )
        environment.globals["raise_exception"] = self._refuse
        environment.globals["strftime_now"] = lambda form: datetime.now().strftime(form)
        self._special = special
        self._parts = parts
        try:
            self._template = environment.from_string(template)
        except TemplateError as error:
            raise _NotSplit(f"it is no valid Jinja: {error}") from error

    def __call__(self, messages: list[Message], ask: bool = False) -> str:
        given: list[dict[str, Any]] = [{**message} for message in messages]
        if self._parts:
            given = [{**message, "content": [{"type": "text", "text": message["content"]}]} for message in given]
        try:
            return self._template.render(messages=given, add_generation_prompt=ask, **self._special)
        except (self._error, TypeError, AttributeError, KeyError, ValueError) as error:
            raise _NotSplit(f"it fails on a plain conversation: {error}") from error

    def maybe(self, messages: list[Message]) -> str | None:
        """The text, or None where the template refuses these roles."""
        try:
            text = self(messages)
        except _NotSplit:
            return None
        return text if all(message["content"] in text for message in messages) else None

    def _refuse(self, message: str) -> None:
        raise self._error(message)


def _message(role: str, content: str) -> Message:
    return {"role": role, "content": content}


def _cut(text: str, *sentinels: str) -> list[str]:
    """The text between the sentinels, which must be there once each and in this order."""
    parts = []
    for sentinel in sentinels:
        before, found, text = text.partition(sentinel)
        if not found or sentinel in text:
            raise _NotSplit("a message's text is left out, changed or repeated")
        parts.append(before)
    return [*parts, text]


def _without(prefix: str, text: str) -> str:
    if not text.startswith(prefix):
        raise _NotSplit(f"{prefix!r} is expected where {text[:60]!r} stands")
    return text[len(prefix) :]


def _content(value: Any) -> str:
    return str(value.get("content", "")) if isinstance(value, dict) else str(value or "")
