def find(xs: list[str], wanted: str) -> int | None:
    for i, x in enumerate(xs):
        if x == wanted:
            return i
    return None


def first_word(text: str | None) -> str:
    if text is None:
        return "nothing"
    return text.split()[0]


def show(value: int | str | None) -> str:
    if isinstance(value, int):
        return f"int {value + 1}"
    if isinstance(value, str):
        return "str " + value.upper()
    return "none"


class Tree:
    def __init__(self, value: int) -> None:
        self.value = value
        self.left: Tree | None = None
        self.right: Tree | None = None

    def insert(self, value: int) -> None:
        if value < self.value:
            if self.left is None:
                self.left = Tree(value)
            else:
                self.left.insert(value)
        elif self.right is None:
            self.right = Tree(value)
        else:
            self.right.insert(value)

    def walk(self) -> list[int]:
        left = self.left.walk() if self.left is not None else []
        right = self.right.walk() if self.right is not None else []
        return left + [self.value] + right


print(find(["a", "b"], "b"), find(["a"], "z"), first_word(None), first_word("hi there"))
index = find(["a", "b"], "b")
if index is not None and index > 0:
    print("at", index + 1)
print(show(1), show("x"), show(None))
root = Tree(5)
for n in [3, 8, 1, 4, 9]:
    root.insert(n)
print(root.walk())
x: int | None = None
print(x, x is None)
x = 5
print(x + 1, x is not None)
values: list[int | None] = [1, None, 3]
print(values, [v for v in values if v is not None], sum(v for v in values if v is not None))
name: str | None = ""
print(name or "default", (name or "d") + "!")
d: dict[str, str] = {"a": "1"}
if (found := d.get("a")) is not None:
    print(found.zfill(3))
