"""Chat templates of several kinds, taken apart; and ones that can't be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pielang.server.inference.chat import load_chat_format, split
from pielang.server.inference.config import ModelRefused
from pielang.server.wire.batch import RoleFormat

CHATML = (
    "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
    "{{ '<|im_start|>system\nBe kind<|im_end|>\n' }}{% endif %}"
    "{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
HEADERS = (
    "{{- bos_token }}{% for message in messages %}"
    "{{- '<|start|>' + message['role'] + '<|end|>\n\n' + message['content'] | trim + '<|eot|>' }}{% endfor %}"
    "{% if add_generation_prompt %}{{- '<|start|>assistant<|end|>\n\n' }}{% endif %}"
)
TURNS = (
    "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system role') }}{% endif %}"
    "{% for message in messages %}{% set role = 'model' if message['role'] == 'assistant' else message['role'] %}"
    "{{ '<turn>' + role + '\n' + message['content'] + '</turn>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<turn>model\n' }}{% endif %}"
)
PARTS = (
    "{% for message in messages %}{{ message['role'] | capitalize }}"
    "{% if message['content'][0]['type'] == 'image' %}{{ ':' }}{% else %}{{ ': ' }}{% endif %}"
    "{% for line in message['content'] %}{% if line['type'] == 'text' %}{{ line['text'] }}"
    "{% elif line['type'] == 'image' %}{{ '<image>' }}{% endif %}{% endfor %}<end_of_utterance>\n{% endfor %}"
    "{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}"
)
FIRST_USER_ONLY = (  # Llama 2's way: the system text goes inside the first user message
    "{% if messages[0]['role'] == 'system' %}{% set system = messages[0]['content'] %}"
    "{% set messages = messages[1:] %}{% else %}{% set system = '' %}{% endif %}"
    "{% for message in messages %}{% if message['role'] == 'user' %}"
    "{{ '[INST] ' + ('<<SYS>>' + system + '<</SYS>>' if loop.first and system else '') }}"
    "{{ message['content'] + ' [/INST]' }}"
    "{% else %}{{ ' ' + message['content'] + ' </s>' }}{% endif %}{% endfor %}"
)


def test_chatml_with_a_default_system_text() -> None:
    chat = split(CHATML, {"bos_token": "<|im_start|>"})
    assert chat.roles["user"] == RoleFormat("<|im_start|>user\n", "<|im_end|>\n")
    assert chat.roles["system"] == RoleFormat("<|im_start|>system\n", "<|im_end|>\n")
    assert chat.roles["assistant"] == RoleFormat("<|im_start|>assistant\n", "<|im_end|>\n")
    assert chat.roles["tool"] == RoleFormat("<|im_start|>tool\n", "<|im_end|>\n")
    assert (chat.default_system, chat.opening, chat.answer_prefix) == ("Be kind", "", "<|im_start|>assistant\n")


def test_an_opening_token() -> None:
    chat = split(HEADERS, {"bos_token": "<|begin|>"})
    assert chat.roles["system"] == RoleFormat("<|start|>system<|end|>\n\n", "<|eot|>")
    assert (chat.default_system, chat.opening) == (None, "<|begin|>")
    assert chat.answer_prefix == "<|start|>assistant<|end|>\n\n"


def test_no_system_role_and_another_name_for_the_assistant() -> None:
    chat = split(TURNS, {"bos_token": "<bos>"})
    assert "system" not in chat.roles
    assert chat.roles["assistant"] == RoleFormat("<turn>model\n", "</turn>\n")
    assert (chat.opening, chat.answer_prefix) == ("<bos>", "<turn>model\n")


@pytest.mark.parametrize(
    "template",
    [
        "{{ messages[0]['content'] | upper }}",
        "{{ messages[-1]['content'] }}",
        "{% for m in messages %}{{ m.content }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ raise_exception('never') }}",
        "{% for m in messages %}{{ loop.index ~ m.role ~ m.content }}{% endfor %}",
    ],
)
def test_a_template_that_does_not_append_messages_is_refused(tmp_path: Path, template: str) -> None:
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"chat_template": template}))
    with pytest.raises(ModelRefused, match="chat template"):
        load_chat_format(tmp_path)


def test_a_system_text_inside_another_message_is_no_role(tmp_path: Path) -> None:
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"chat_template": FIRST_USER_ONLY}))
    chat = load_chat_format(tmp_path)
    assert "system" not in chat.roles
    assert chat.roles["user"] == RoleFormat("[INST] ", " [/INST]")


def test_texts_in_parts(tmp_path: Path) -> None:
    """As models that look at images have them: a message is a list of texts and images."""
    (tmp_path / "chat_template.json").write_text(json.dumps({"chat_template": PARTS}))
    chat = load_chat_format(tmp_path)
    assert chat.roles["user"] == RoleFormat("User: ", "<end_of_utterance>\n")
    assert (chat.opening, chat.answer_prefix) == ("", "Assistant:")


def test_no_template_means_no_roles(tmp_path: Path) -> None:
    assert load_chat_format(tmp_path).roles == {}


def test_a_template_in_its_own_file(tmp_path: Path) -> None:
    (tmp_path / "chat_template.jinja").write_text(HEADERS)
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"bos_token": {"content": "<|begin|>"}}))
    assert load_chat_format(tmp_path).opening == "<|begin|>"
