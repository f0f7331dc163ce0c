xs = [1, 2, 3]
for i, x in enumerate(xs):
    if x == 2:
        continue
    print(i, x)
for i, x in enumerate(xs, 10):
    print(i, x)
else:
    print("else")
for pair in enumerate("ab"):
    print(pair)
print([i * x for i, x in enumerate(range(5, 9))], {x: i for i, x in enumerate("hey")})
for a, b in zip(xs, "abcd"):
    print(a, b)
for a, b, c in zip("xyz", xs, (1.5, 2.5)):
    print(a, b, c)
for i, (a, b) in enumerate(zip(xs, xs[1:])):
    print(i, a, b)
for p in zip(xs, xs):
    print(p)
print([a + b for a, b in zip(xs, reversed(xs))], dict(zip("ab", xs)), sum(a * b for a, b in zip(xs, xs)))
def gen():
    yield 1
    yield 2
for a, b in zip(gen(), xs):
    print(a, b)
for a, b in zip(xs, gen()):
    print(a, b)
d = {"k": 1, "l": 2}
for (k, v), n in zip(d.items(), xs):
    print(k, v, n)
for i, (k, v) in enumerate(d.items()):
    print(i, k, v)
a, b = 1, 2
a, b = b, a + b
print(a, b)
a, b = b, a
x = [1, 2]
x[0], x[1] = x[1], x[0]
i, x[i] = 1, 9
print(a, b, x, i)
def f(ys: list[int]) -> int:
    for i, y in enumerate(ys):
        if y > 1:
            return i
    return -1
print(f(xs), f([]))
for i, x in enumerate(xs):
    xs.append(9) if len(xs) < 5 else None
    if i > 6:
        break
print(xs)
for a, b in zip(xs, xs):
    if a > 1:
        break
else:
    print("no")
print(a, b)
