from collections import namedtuple
import collections

Point = namedtuple("Point", ["x", "y"])
Color = collections.namedtuple("Color", "r g b")
p = Point(1, 2)
print(p, p.x + p.y, p[0])
x, y = p
print(x, y, Point(x=3, y="a"), Color(1, 2, 3), p == (1, 2))


def dist(a, b):
    return abs(a.x - b.x) + abs(a.y - b.y)


print(dist(p, Point(4, 6)), sorted([Point(3, 1), Point(1, 2)]))


class P3(namedtuple("P3", "x y z")):
    """A point."""
    __slots__ = ()
    def norm(self):
        return self.x ** 2 + self.y ** 2 + self.z ** 2
    def __add__(self, other):
        return P3(self.x + other.x, self.y + other.y, self.z + other.z)
    @property
    def first(self):
        return self[0]
    @classmethod
    def zero(cls):
        return cls(0, 0, 0)
    def __str__(self):
        return f"<{self.x}, {self.y}, {self.z}>"
class Card(namedtuple("Card", ["rank", "suit"])):
    def __repr__(self):
        return f"{self.rank}{self.suit}"
p = P3(1, 2, 3)
print(p, repr(p), p.norm(), p + P3.zero(), p + P3(1.5, 0, 0), p.first, p == (1, 2, 3), list(p), p._replace(x=9))
deck = [Card(r, s) for r in "A23" for s in "SH"]
print(deck, max(deck), sorted(deck)[0], deck[0].suit, len(deck[0]))
rank, suit = deck[1]
print(rank, suit, deck.index(Card("2", "S")), Card("A", "S") in deck)
