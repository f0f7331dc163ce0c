from dataclasses import dataclass, field

@dataclass
class Item:
    name: str
    price: float
    qty: int = 1
    tags: list[str] = field(default_factory=list)

    def total(self) -> float:
        return self.price * self.qty

@dataclass(frozen=True, order=True)
class Key:
    a: int
    b: str

class Stack[T]:
    def __init__(self) -> None:
        self.items: list[T] = []
    def push(self, x: T) -> None:
        self.items.append(x)
    def pop(self) -> T:
        return self.items.pop()
    def __len__(self) -> int:
        return len(self.items)
    def peek(self) -> T | None:
        return self.items[-1] if self.items else None

def first[T](xs: list[T], default: T) -> T:
    for x in xs:
        return x
    return default

class Shape:
    def area(self) -> float:
        raise NotImplementedError("area")
    def describe(self) -> str:
        return f"{type(self).__name__} {self.area():.2f}"

class Circle(Shape):
    def __init__(self, r: float) -> None:
        self.r = r
    def area(self) -> float:
        return 3.14159 * self.r ** 2

class Square(Shape):
    def __init__(self, s: float) -> None:
        super().__init__()
        self.s = s
    def area(self) -> float:
        return self.s * self.s

items = [Item("a", 1.5), Item("b", 2.0, 3, ["x"])]
print(items, sum(i.total() for i in items))
items[0].tags.append("new")
print(items[0])
k = {Key(1, "z"): 1, Key(1, "a"): 2}
print(k[Key(1, "a")], sorted(k), Key(1, "b") < Key(2, "a"))
s = Stack[int]()
s.push(1); s.push(2)
print(len(s), s.pop(), s.peek(), first([], 3), first(["q"], "z"))
for sh in [Circle(1.0), Square(2.0)]:
    print(sh.describe())
try:
    Shape().describe()
except NotImplementedError as e:
    print("NI", e)

class Node:
    def __init__(self, value, next=None):
        self.value = value
        self.next = next

head = None
for v in [3, 2, 1]:
    head = Node(v, head)
cur = head
while cur is not None:
    print(cur.value, end=" ")
    cur = cur.next
print()

class Vec:
    def __init__(self, x: float, y: float):
        self.x, self.y = x, y
    def __add__(self, o: "Vec") -> "Vec":
        return Vec(self.x + o.x, self.y + o.y)
    def __mul__(self, k: float) -> "Vec":
        return Vec(self.x * k, self.y * k)
    __rmul__ = __mul__
    def __eq__(self, o: object) -> bool:
        return isinstance(o, Vec) and self.x == o.x and self.y == o.y
    def __repr__(self):
        return f"Vec({self.x}, {self.y})"

print(Vec(1, 2) + Vec(3, 4) * 2, 2 * Vec(1.0, 1.0), Vec(1.0, 2.0) == Vec(1.0, 2.0))
