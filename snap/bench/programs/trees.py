class Node:
    def __init__(self, left: "Node | None", right: "Node | None") -> None:
        self.left = left
        self.right = right

    def count(self) -> int:
        total = 1
        if self.left is not None:
            total += self.left.count()
        if self.right is not None:
            total += self.right.count()
        return total


def make(depth: int) -> Node:
    if depth == 0:
        return Node(None, None)
    return Node(make(depth - 1), make(depth - 1))


long_lived = make(13)
for depth in range(4, 13, 2):
    total = 0
    for _ in range(1 << (13 - depth)):
        total += make(depth).count()
    print(depth, total)
print(long_lived.count())
