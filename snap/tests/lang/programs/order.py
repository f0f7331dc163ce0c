A = 100
class K:
    A = 1
    B = A + 1
    NAMES = ["x", "y"]
    def f(self, n=B):
        return n + A
print(K.B, K().f(), K.NAMES)
a = [0, 0]
i = 0
i, a[i] = 1, 9
print(i, a)
x = [1, 2, 3]
i = 0
x[i], i = i, x[i]
print(x, i)
def side(n):
    print("side", n)
    return n
d = {}
d[side(1)] = side(2)
print(d)
v = [10, 20]
v[side(0)] += side(5)
print(v)
print(side(1) + side(2) * side(3), side(1) < side(2) < side(0))
def kw(a, b, c):
    return (a, b, c)
print(kw(side(1), c=side(2), b=side(3)))
p, (q, *r), s = 1, (2, 3, 4), 5
print(p, q, r, s)
def gen():
    r = 0
    while r < 3:
        yield r
        r += 1
g = gen()
for z in g:
    if z == 1:
        break
print(list(g))
lst = [1, 2, 3, 4]
for e in lst:
    if e == 2:
        lst.remove(e)
print(lst)
print([n for n in range(5) if n % 2 == 0], {n: n * n for n in range(3)}, sum(n for n in range(4)))
f = [lambda n=n: n * 10 for n in range(3)]
print([h() for h in f])
class M:
    def __init__(self):
        self.a, self.b = 1, 2
    def swap(self):
        self.a, self.b = self.b, self.a
m = M()
m.swap()
print(m.a, m.b)
t = 1, 2
print(t, *t)
w = y = 3
y += 1
print(w, y)
print(f"{a!r} {i:>3} {'q' if i else 'z'} {{}} {K.B + 1}")
s = "a"
for _ in range(3):
    s = s + "b" if _ % 2 else s + "c"
print(s)
n = 5
while n:
    n -= 1
    if n == 3: continue
    if n == 1: break
    print("n", n)
else:
    print("never")
print(n)
try:
    raise ValueError
except ValueError as err:
    print(repr(err), str(err) == "")
