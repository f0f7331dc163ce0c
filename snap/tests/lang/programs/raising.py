# %% basic
# pielang: errors=raise
def f(x):
    print("f", x)
    return x

try:
    print(f(1) + "a")
except TypeError as e:
    print("caught", e)
print([f(x) + "a" for x in []])
print({f(x) + "a" for x in []}, {x: x + "a" for x in range(0)})
try:
    print(f(1), f(2).foo(f(3)))
except AttributeError as e:
    print("caught", e)
def g(a, b):
    return a
try:
    g(f(1))
except TypeError as e:
    print(e)
try:
    g(f(1), 2, 3)
except TypeError as e:
    print(e)
try:
    g(1, b=f(2), c=f(3))
except TypeError as e:
    print(e)
try:
    g(1, 2, a=f(3))
except TypeError as e:
    print(e)
try:
    print(undefined_thing)
except NameError as e:
    print(e)
x = 3
if x and f(0) and (1 + "a"):
    print("no")
y = f(5) if x else "a" - 1
print(y)
try:
    [f(i) + "b" for i in range(3) if i > 0]
except TypeError as e:
    print(e)
for i in 5:
    print("x")
# %% classes
# pielang: errors=raise
class P:
    def __init__(self, x):
        self.x = x
    def m(self, a):
        return a
p = P(1)
try:
    p.y
except AttributeError as e:
    print(e)
try:
    p.m()
except TypeError as e:
    print(e)
try:
    p.m(1, 2)
except TypeError as e:
    print(e)
try:
    P()
except TypeError as e:
    print(e)
try:
    P(1, 2, 3)
except TypeError as e:
    print(e)
try:
    p.nope(1)
except AttributeError as e:
    print(e)
try:
    p()
except TypeError as e:
    print(e)
try:
    p[0]
except TypeError as e:
    print(e)
try:
    len(p)
except TypeError as e:
    print(e)
try:
    p < p
except TypeError as e:
    print(e)
try:
    p + p
except TypeError as e:
    print(e)
try:
    for q in p:
        print(q)
except TypeError as e:
    print(e)
try:
    -p
except TypeError as e:
    print(e)
try:
    1 in p
except TypeError as e:
    print(e)
try:
    with p:
        print(1)
except TypeError as e:
    print(e)
try:
    hash([1])
except TypeError as e:
    print(e)
try:
    {[1]: 2}
except TypeError as e:
    print(e)
try:
    sorted([p, p])
except TypeError as e:
    print(e)
try:
    sum(["a", "b"])
except TypeError as e:
    print(e)
try:
    None.foo
except AttributeError as e:
    print(e)
try:
    None + 1
except TypeError as e:
    print(e)
try:
    P.zzz
except AttributeError as e:
    print(e)
try:
    raise 5
except TypeError as e:
    print(e)
try:
    a, b = 1, 2, 3
except ValueError as e:
    print(e)
try:
    a, b, c = (1, 2)
except ValueError as e:
    print(e)
try:
    (1, 2)[5]
except IndexError as e:
    print(e)
try:
    5()
except TypeError as e:
    print(e)
try:
    "abc" * "x"
except TypeError as e:
    print(e)
try:
    [1] + 2
except TypeError as e:
    print(e)
try:
    "a" < 1
except TypeError as e:
    print(e)
# %% later
# pielang: errors=raise
try:
    x = 1 + "a"
except TypeError:
    pass
try:
    print(x)
except NameError as e:
    print(e)
def late():
    try:
        y = [] + 1
    except TypeError:
        print("in late")
    print(y)
try:
    late()
except UnboundLocalError as e:
    print(e)
class C:
    def __init__(self):
        self.v = 1 + None
    def get(self):
        return self.v
try:
    c = C()
except TypeError as e:
    print(e)
def never():
    return undefined + 1
try:
    never()
except NameError as e:
    print(e)
add = lambda a: a + "x"
try:
    add(1)
except TypeError as e:
    print(e)
print(list(map(lambda s: s + "!", ["a"])))
def gen():
    yield 1
    yield 2 + "a"
    yield 3
g = gen()
print(next(g))
try:
    next(g)
except TypeError as e:
    print(e)
def sub(z):
    assert z, "bad" + 1
    return z
print(sub(3))
try:
    sub(0)
except TypeError as e:
    print(e)
while True:
    try:
        q = f"{1 + 'b'}"
    except TypeError as e:
        print("loop", e)
        break
d = {"a": 1}
try:
    d["a"] += "x"
except TypeError as e:
    print(e)
print(d)
def caller(a, b=2, *, c):
    return a
try:
    caller(1)
except TypeError as e:
    print(e)
try:
    caller(1, 2, 3, c=1)
except TypeError as e:
    print(e)
print(1 + "end")
print("not here")
