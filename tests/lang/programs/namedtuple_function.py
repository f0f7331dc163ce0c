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
