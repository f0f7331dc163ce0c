xs = [5, 3, 8, 1]
print(xs, len(xs), xs[0], xs[-1], xs[1:3], xs[::-1], 8 in xs, 9 in xs)
xs.append(9)
xs.insert(0, 7)
xs.extend([2, 2])
print(xs, xs.count(2), xs.index(8))
print(xs.pop(), xs.pop(0), xs)
xs.remove(3)
print(xs)
xs.sort()
print(xs)
xs.sort(reverse=True)
print(xs)
xs.reverse()
print(xs, sorted(xs, key=lambda v: -v), sum(xs), min(xs), max(xs))
xs[1] = 100
del xs[0]
print(xs)
xs[1:3] = [11, 12, 13]
print(xs)
del xs[1:3]
print(xs, xs * 2, xs + [0], [0] * 3)
squares = [i * i for i in range(10) if i % 2 == 0]
print(squares, [[i * j for j in range(3)] for i in range(3)], [c for w in ["ab", "cd"] for c in w])
a, b, *rest = [1, 2, 3, 4]
print(a, b, rest)
first, *middle, last = range(5)
print(first, middle, last)
pairs = [(1, "one"), (2, "two")]
for number, word in pairs:
    print(number, word)
for i, word in enumerate(["a", "b"], start=1):
    print(i, word)
for p, q in zip([1, 2, 3], "xyz"):
    print(p, q)
words = ["banana", "Apple", "cherry"]
print(sorted(words), sorted(words, key=len), sorted(words, key=str.lower), max(words, key=len))
copy = words[:]
copy.clear()
print(words, copy, [] == copy, [1, 2] == [1, 2], [1, 2] < [1, 3], [1] != [2])
grid = [[0] * 3 for _ in range(2)]
grid[0][1] = 5
print(grid, any([0, 0, 1]), all([1, 1, 0]), any([]), all([]))
m: list[list[int]] = []
m.append([1])
print(m, [x for x in m], list(range(3)), list("ab"), list((1, 2)))
try:
    print(xs[10])
except IndexError as error:
    print(error)
try:
    xs.remove(12345)
except ValueError as error:
    print(error)
try:
    [].pop()
except IndexError as error:
    print(error)
t = (1, "a", 2.5)
print(t, t[0], t[1], len(t), t == (1, "a", 2.5), (1, 2) < (1, 3), (1,), ())
x, (y, z) = 1, (2, 3)
print(x, y, z)
x, y = y, x
print(x, y, tuple([1, 2]), tuple("ab"))
farthest = 9223372036854775807
none: int | None = None
print([1, 2][:9223372036854775807:-1], "ab"[:farthest:-1], b"ab"[-farthest - 1 :: -1], [1, 2][farthest::-1])
for step in (-1, 2):
    print([1, 2, 3][:farthest:step], [1, 2, 3][::step], [1, 2, 3][none:none:step], [1, 2, 3][-farthest - 1 :: step])
