def f(x, y=None, *, z=3):
    if y is None:
        y = []
    y.append(x)
    return y, z
print(f(1), f(2, [5]), f("a", z=True))
x = True
print(x + 1, x == 1, True and 5, not 0, [True, False].count(True), sum([True, True]))
a = [1, 2, 3]
b = a
b += [4]
print(a, a is b)
t = (1, 2)
t += (3,)
print(t)
s = "x"
s += "y"
print(s)
def g():
    try:
        return "try"
    finally:
        print("fin")
print(g())
def h():
    for i in range(3):
        try:
            if i == 1:
                continue
            if i == 2:
                break
            print("body", i)
        finally:
            print("f", i)
    return "end"
print(h())
def nested():
    x = 1
    def inner():
        def deeper():
            nonlocal x
            x += 1
            return x
        return deeper()
    return inner() + x
print(nested())
class A:
    n = 0
    def __init__(self):
        A.n += 1
        self.id = A.n
    def __lt__(self, o):
        return self.id > o.id
print([v.id for v in sorted([A(), A(), A()])])
d = {i: chr(97 + i) for i in range(3)}
for k, v in d.items():
    d[k] = v * 2
print(d)
try:
    for k in d:
        d[k + 10] = "z"
except RuntimeError as e:
    print(e)
it = iter([1, 2, 3])
print(next(it), list(it), next(it, 0))
print([*range(3)], [i for i in range(10) if i % 2 if i > 3], {c for c in "aab"} == {"a", "b"})
print((lambda *a: len(a))(1, 2) if False else "skip")
x = 10
def shadow(x):
    x = x + 1
    return x
print(shadow(1), x)
print("%5.2f|%-5s|%05d|%x" % (3.14159, "ab", 42, 255))
print("{:>8}|{:<8}|{:^8}|{:,}".format("a", "b", "c", 1234567))
print(f"{3:>5}{'x':*^7}{1.5:08.3f}{255:#x}{1e10:g}")
m = [[1, 2], [3, 4]]
for row in m:
    row[0], row[1] = row[1], row[0]
print(m, [list(z) for z in [(1, 2)]])
w = 0
while w < 5:
    w += 1
    if w == 3:
        continue
else:
    print("else", w)
print(max(3, 7), min([4, 2]), max("b", "a"), abs(-2.5), pow(2, 3, 5))
assert isinstance(1, int) and not isinstance("1", int)
print(type(1).__name__, type("a").__name__, type([]).__name__, type(None).__name__, type(1.0).__name__)
print([1, 2] == [1, 2], (1, 2) < (1, 3), "a" in {"a": 1}, 3 not in [1, 2])
z = [i for i in range(3)]
del z[1]
z.insert(0, 9)
print(z, z.index(9), z.pop(), z)
e = []
e.extend(x * 2 for x in range(3))
print(e, e[::-1], e[-1], e[:2])
print(" ".join(sorted({"b", "a"})), "abc".find("z"), "a-b".split("-"), "abc".startswith("ab"))
i = 5
i -= 1
i **= 2
i //= 3
print(i, 7 & 3, 5 | 2, 6 ^ 3, 1 << 4, ~5)
def rec(n):
    return n if n <= 0 else rec(n - 1)
print(rec(50))
def multi():
    return 1, "a", [2]
p, q, r = multi()
print(p, q, r)
print(None or "d", "" or 0 or "z", [] and 1)
try:
    raise KeyError("k")
except (ValueError, KeyError) as err:
    print(type(err).__name__, err)
try:
    try:
        1 / 0
    except ZeroDivisionError:
        raise
except ArithmeticError as err:
    print("arith", err)
print(round(2.5), round(3.5), round(-1.5), int(-3.7), 7 % -3, -7 // 2, 1e16, 1e15, 0.1 + 0.2, 1/3)
print(10 // 3 * 3 + 10 % 3, 2 ** -1, 4 ** 0.5, float("inf"), -0.0)
