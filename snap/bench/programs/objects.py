class Shape:
    def area(self) -> int:
        return 0

    def scaled(self, factor: int) -> "Shape":
        return self


class Square(Shape):
    def __init__(self, side: int) -> None:
        self.side = side

    def area(self) -> int:
        return self.side * self.side

    def scaled(self, factor: int) -> Shape:
        return Square(self.side * factor)


class Box(Shape):
    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height

    def area(self) -> int:
        return self.width * self.height

    def scaled(self, factor: int) -> Shape:
        return Box(self.width * factor, self.height)


def run(n: int) -> int:
    shapes: list[Shape] = []
    for i in range(n):
        shapes.append(Square(i % 10) if i % 2 else Box(i % 7, i % 5))
    total = 0
    for _ in range(10):
        for shape in shapes:
            total += shape.scaled(3).area()
    return total


print(run(40_000))
