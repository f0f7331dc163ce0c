from typing import NamedTuple
class P(NamedTuple):
    x: int
    y: int = 2
    def total(self) -> int:
        return self.x + self.y
p = P(1)
print(p, p.x, p[1], p == (1, 2), p.total(), len(p), p == P(1, 2), p < P(2))
a, b = p
print(a, b, list(p), sum(p), p[-1], isinstance(p, tuple), hash(p) == hash(P(1)))
d = {P(1, 2): "k"}
print(d[P(1, 2)])
for v in p:
    print(v)
print(max([P(3), P(1, 9)]), sorted([P(3), P(1)]))
