# %% text
for t in [
    "",
    " ",
    "a",
    " a b ",
    "the quick brown",
    "a\tb\nc\x0bd\x1ce\x1ff\x85g",
    "é à",
    "abcdefghijklmnop qrstuvwxyz",
    "\u3000x\u2003y",
    "x" * 30,
    "12345678 12345678  ",
    "ab\x00cd ef",
    "a\x7fb c\x1bd",
    "日本 語",
]:
    print(t.split(), t.split(None, 1), t.rsplit(None, 1))
    for sep in [",", "", "--", "日"]:
        print(repr(sep.join(t.split())), repr(sep.join(list(t))))
    for old, new in [
        ("a", "b"),
        ("a", "é"),
        ("é", "a"),
        (" ", "_"),
        ("b", ""),
        ("ab", "xyz"),
        ("", "-"),
        ("x", "yy"),
        ("xx", "y"),
    ]:
        print(repr(t.replace(old, new)), repr(t.replace(old, new, 2)))
print(
    "~" * 70 + "|",
    ("ab" * 50).replace("b", "c"),
    ("ab" * 50).replace("ab", "xyz")[:20],
    len(", ".join(["x" * 100] * 5)),
)
# %% tables_and_sorting
a = set(range(0, 20, 2))
b = set(range(0, 20, 3))
c = frozenset(b)
print(
    sorted(a & b),
    sorted(a | b),
    sorted(a - b),
    sorted(a ^ b),
    sorted(a & c),
    sorted(c | a),
    sorted(c - a),
    sorted(c ^ a),
)
a.discard(4)
d = set(a)
d.add(100)
print(sorted(a), sorted(d), len(a), 100 in a, 100 in d)
e = dict.fromkeys("abc", 1)
del e["b"]
f = dict(e)
f["z"] = 3
print(e, f, e.copy(), {**e, "q": 1})
for k in range(20):
    d.remove(k) if k in d else None
g = d.copy()
g.add(7)
print(sorted(g), sorted(d))
a &= b
print(sorted(a))
a |= {1}
a ^= {1, 2}
a -= {2}
print(sorted(a))
print(set() | {1}, {1} | set(), {1} & set(), set(set()), set(frozenset([1])))
print(
    "Hello World [`{@Zz".lower(), "Hello World [`{@azZ".upper(), "ÀB".lower(), "".lower(), "aBCdefghI".upper(), "x" * 17
)
xs = list(range(10))
print(xs[::-1], xs[::3], xs[8:2:-2], xs[5:1:-9], "abcdef"[::-1], "aéb"[::-1], "abcdefgh"[1::3])
import random

random.seed(5)
for n in [0, 1, 2, 3, 7, 8, 9, 20, 100]:
    ys = [random.randrange(10) for _ in range(n)]
    print(sorted(ys), sorted(ys, reverse=True), sorted(range(n), reverse=True)[:3], sorted(range(n))[:3])
    ps = [(y, i) for i, y in enumerate(ys)]
    print(
        sorted(ps, key=lambda p: p[0]) == sorted(ps), [p[1] for p in sorted(ps, key=lambda p: p[0], reverse=True)][:5]
    )
zs = [5, 4, 3, 2, 1]
zs.sort()
print(zs)
zs.sort(reverse=True)
print(zs)
zs = [3, 3, 2]
zs.sort()
print(zs)
ws = ["b", "a", "abcdefgh", "abcdefghi", "abcdefgz", "", "é", "z", "abcdefgh\x00", "abcdefg"]
print(sorted(ws))
print(
    "abc" < "abd",
    "abcdefghX" < "abcdefghY",
    "ab" < "abc",
    "abc" < "ab",
    b"ab" < b"abc",
    b"b" < b"ab",
    b"abcdefghij" < b"abcdefghik",
)


# %% fields by name of a class inside another
class Tree:
    class Node:
        def __init__(self, key):
            self.key = key
            self.left = self.right = None

    def __init__(self):
        self.root = None

    def add(self, key):
        if self.root is None:
            self.root = self.Node(key)
            return
        node = self.root
        while True:
            side = "left" if key < node.key else "right"
            child = getattr(node, side)
            if child is None:
                setattr(node, side, self.Node(key))
                return
            node = child


tree = Tree()
for key in (5, 2, 8, 1):
    tree.add(key)
print(tree.root.left.left.key, tree.root.right.key)  # 1 8


# %% attributes that only some exceptions have
class Coded(Exception):
    def __init__(self, code):
        super().__init__("coded")
        self.code = code


class Below(Coded):
    pass


class Fixed(ValueError):
    code = 9


def told(number):
    try:
        if number == 0:
            raise Below(4)
        if number == 1:
            raise Fixed("fixed")
        if number == 2:
            raise KeyError("key")
        raise Coded(1)
    except Exception as error:
        if hasattr(error, "code"):
            return f"{type(error).__name__} {error.code}"
        return f"{error!r} {getattr(error, 'code', None)}"


print([told(number) for number in range(4)])  # ['Below 4', 'Fixed 9', "KeyError('key') None", 'Coded 1']


def annotated(number: int) -> str:
    try:
        raise Fixed("fixed") if number else KeyError("key")
    except (Fixed, KeyError) as error:
        return str(getattr(error, "code", 0))


print(annotated(0), annotated(1))  # 0 9
