from dataclasses import dataclass, field


class Shape:
    sides = 0

    def __init__(self, name: str) -> None:
        self.name = name

    def area(self) -> float:
        return 0.0

    def describe(self) -> str:
        return f"{self.name} with area {self.area():.2f}"

    def __repr__(self) -> str:
        return f"Shape({self.name!r})"


class Square(Shape):
    def __init__(self, size: float) -> None:
        super().__init__("square")
        self.size = size

    def area(self) -> float:
        return self.size * self.size

    @property
    def perimeter(self) -> float:
        return 4 * self.size

    @staticmethod
    def unit() -> "Square":
        return Square(1.0)

    @classmethod
    def double(cls, size: float) -> "Square":
        return Square(size * 2)


class Circle(Shape):
    def __init__(self, r: float) -> None:
        super().__init__("circle")
        self.r = r

    def area(self) -> float:
        return 3.14159 * self.r**2


shapes: list[Shape] = [Square(2.0), Circle(1.0), Shape("blob")]
for shape in shapes:
    print(shape.describe(), shape, isinstance(shape, Square))
print(Square(3.0).perimeter, Square.unit().area(), Square.double(2.0).size)


@dataclass
class Point:
    x: int
    y: int = 0
    tags: list[str] = field(default_factory=list)

    def __add__(self, other: "Point") -> "Point":
        return Point(self.x + other.x, self.y + other.y)

    def norm2(self) -> int:
        return self.x**2 + self.y**2


p = Point(1, 2)
q = Point(3)
q.tags.append("t")
print(p, q, p + q, p == Point(1, 2), p != q, p.norm2())
p.x = 10
print(p)


@dataclass(frozen=True, order=True)
class Version:
    major: int
    minor: int


versions = [Version(2, 1), Version(1, 9), Version(1, 10)]
print(sorted(versions), max(versions), {Version(1, 2): "a"}[Version(1, 2)], hash(Version(1, 1)) == hash(Version(1, 1)))


class Vec:
    def __init__(self, items: list[float]) -> None:
        self.items = items

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, i: int) -> float:
        return self.items[i]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Vec) and self.items == other.items

    def __mul__(self, k: float) -> "Vec":
        return Vec([x * k for x in self.items])

    def __rmul__(self, k: float) -> "Vec":
        return self * k

    def __contains__(self, x: float) -> bool:
        return x in self.items

    def __bool__(self) -> bool:
        return len(self.items) > 0

    def __str__(self) -> str:
        return "<" + ", ".join(str(x) for x in self.items) + ">"


v = Vec([1.0, 2.0])
print(v, v * 2, 3.0 * v, len(v), v[1], 2.0 in v, v == Vec([1.0, 2.0]), bool(Vec([])))


class Node[T]:
    def __init__(self, value: T, next: "Node[T] | None" = None) -> None:
        self.value = value
        self.next = next


class Stack[T]:
    def __init__(self) -> None:
        self.top: Node[T] | None = None
        self.size = 0

    def push(self, value: T) -> None:
        self.top = Node(value, self.top)
        self.size += 1

    def pop(self) -> T:
        if self.top is None:
            raise IndexError("empty stack")
        node = self.top
        self.top = node.next
        self.size -= 1
        return node.value


s = Stack[int]()
s.push(1)
s.push(2)
print(s.pop(), s.pop(), s.size)
names = Stack[str]()
names.push("x")
print(names.pop())
try:
    names.pop()
except IndexError as error:
    print(error)
