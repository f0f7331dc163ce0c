import asyncio
from collections.abc import Iterator


def build(n: int) -> str:
    s = ""
    for i in range(n):
        s += chr(97 + i % 26)
    return s


def keep(n: int) -> list[str]:
    out: list[str] = []
    s = "é"
    for i in range(n):
        s += str(i)
        if i % 3 == 0:
            out.append(s)
        if len(s) > 20:
            s = s[5:]
    return out


def selfish() -> str:
    s = "ab"
    for i in range(5):
        s += s
        s = s + "x"
    t = s
    s += "!"
    return t + s


def walrus() -> str:
    s = "a"
    for i in range(3):
        s += (s := s + "b") + "c"
    return s


def fails() -> str:
    s = "a"
    for i in range(6):
        try:
            s += "q"
            s += str(10 // (i - 3))
        except ZeroDivisionError:
            s += "Z"
    return s


text = ""


def look() -> str:
    return text[-3:]


seen: list[str] = []
for i in range(40):
    text += str(i) + look()
    if i % 7 == 0:
        seen.append(text)
print(text, seen[2], len(build(3000)), build(30))
print(keep(12), selfish(), walrus(), fails())
d: dict[str, int] = {}
key = ""
for i in range(20):
    key += "k"
    d[key] = i
print(d)


class Box:
    def __init__(self) -> None:
        self.text = "b"


def aliases(box: Box, parts: list[str]) -> tuple[str, str, list[str]]:
    before = box.text
    for part in parts:
        before += part
        box.text = before
        before = before + part.upper()
    held = [before]
    while len(before) < 40:
        held.append(before)
        before += held[0]
    return before, box.text, held


print(aliases(Box(), ["x", "", "ÿz"]))


def joined(words: list[str]) -> Iterator[str]:
    line = ""
    for word in words:
        if len(line) + len(word) > 8:
            yield line
            line = ""
        line += word + " "
    yield line


print(list(joined("a quick brown fox jumps over it".split())))


def closes(n: int) -> str:
    out = ""

    def add(more: str) -> None:
        nonlocal out
        out += more

    for i in range(n):
        add(str(i))
        out += out[:1]
    return out


print(closes(6))


def either(n: int) -> str | None:
    found: str | None = None
    for i in range(n):
        if found is None:
            found = "<"
        found += str(i)
        if i % 2:
            found = None
    return found


print(either(5), either(4))


async def piece(i: int) -> str:
    await asyncio.sleep(0)
    return str(i)


async def collect(n: int) -> list[str]:
    parts: list[str] = []
    text = ""
    for i in range(n):
        text += await piece(i)
        if i % 2:
            parts.append(text)
        text += "-"
    return parts


print(asyncio.run(collect(5)))
