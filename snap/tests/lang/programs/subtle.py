class A:
    kind = "a"
    limit: int = 3
    def show(self) -> str:
        return self.kind + str(self.limit)
class B(A):
    kind = "b"
print(A().show(), B().show())
xs: list[A] = [A(), B()]
print([x.kind for x in xs])
class P:
    @property
    def v(self) -> int:
        return 1
class Q(P):
    @property
    def v(self) -> int:
        return 2
ps: list[P] = [P(), Q()]
print([p.v for p in ps])
g = (x * x for x in range(5))
print(next(g), next(g), list(g))
def firsts(it):
    out = []
    for x in it:
        out.append(x)
        if len(out) == 2:
            break
    return out
def noisy(x):
    print("n", x)
    return x
print(firsts(noisy(i) for i in range(10)))
print(next((x for x in [1, 2, 3] if x > 1), None))
print(sum([1, 2.5]), max([1, 2.5]), [1, 2.5])
m = [1, "a", None]
for e in m:
    print(e)
fs = []
for i in range(3):
    fs.append(lambda: i)
print([f() for f in fs])
def mk(n):
    return [lambda x: x + k for k in range(n)]
print([f(1) for f in mk(3)])
def acc(x, seen=[]):
    seen.append(x)
    return seen
acc(1)
print(acc(2))
d = {}
d.setdefault("a", []).append(1)
print(d)
a = b = []
a.append(1)
print(b)
total = 0
def bump():
    global total
    total += 1
for _ in range(3):
    bump()
print(total)
