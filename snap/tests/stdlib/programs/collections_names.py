from collections import Counter, OrderedDict, defaultdict, deque

d = deque([1, 2, 3])
d.append(4)
d.appendleft(0)
print(d, len(d), d[0], d[-1], d.pop(), d.popleft(), d)
d.extend([7, 8, 9, 10, 11, 12])
d.extendleft([-1, -2])
print(d, 9 in d, 99 in d, d.index(9), d.count(9), list(reversed(d)))
d.rotate(2)
print(d)
d.rotate(-3)
print(d)
d.insert(2, 100)
d.insert(-1, 200)
d.remove(8)
del d[0]
d[1] = 55
print(d, sum(d), sorted(d), [x * 2 for x in d])
d.reverse()
print(d, d == deque(list(d)), d == d.copy(), deque([1, 2]) < deque([1, 3]), bool(deque([0])), bool(d))
window = deque([1, 2, 3, 4, 5], maxlen=3)
window.append(6)
print(window, window.maxlen, d.maxlen)
window.appendleft(0)
print(window, window + deque([1]), deque([1, 2]) * 2)
q: deque[tuple[int, str]] = deque()
q.append((1, "a"))
while q:
    n, s = q.popleft()
    print(n, s)
    if n < 4:
        q.append((n + 1, s + "x"))
for text in ["pop", "popleft"]:
    try:
        if text == "pop":
            q.pop()
        else:
            q.popleft()
    except IndexError as error:
        print(error)
try:
    for x in d:
        d.append(x)
except RuntimeError as error:
    print(error)
try:
    d.remove(12345)
except ValueError as error:
    print(error)
try:
    print(d[50])
except IndexError as error:
    print(error)
try:
    window.insert(0, 1)
except IndexError as error:
    print(error)
d.clear()
print(d, deque("abc"), deque(range(3)))
big = deque()
for i in range(1000):
    big.append(i)
    if i % 3 == 0:
        big.popleft()
print(len(big), big[0], big[100], big[-1], sum(big))

groups = defaultdict(list)
for word in ["apple", "bob", "cat", "alice", "bill"]:
    groups[word[0]].append(word)
print(dict(groups), groups["z"], len(groups), groups)
counts = defaultdict(int)
for char in "mississippi":
    counts[char] += 1
print(counts, sorted(counts.items()), counts.get("q"), "q" in counts)
sets: defaultdict[str, set[int]] = defaultdict(set)
sets["a"].add(1)
print(sets, sets["a"] | {2})
nested: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
nested["x"]["y"] += 5
print(nested["x"]["y"], dict(nested["x"]))
start = defaultdict(lambda: 7)
start[1] += 1
print(start[1], start[2], list(start))

c = Counter("mississippi")
print(c, c["i"], c["z"], c.most_common(2), c.most_common(), len(c), sum(c.values()), c.total())
c.update("mmm")
print(c, list(c.elements())[:5])
c.subtract("ss")
print(c, c["s"])
words = Counter(["red", "blue", "red"])
words["green"] += 3
print(words, words.most_common(1)[0][0], "blue" in words, dict(words))
a = Counter({"x": 3, "y": 1})
b = Counter({"x": 1, "y": 2, "z": 0})
print(a + b, a - b, a & b, a | b, +Counter({"x": 0, "y": 2}), -Counter({"x": -1}), a == b, a == Counter({"y": 1, "x": 3, "q": 0}))
del a["nothing"]
a += b
print(a)
a -= Counter({"x": 10})
print(a, Counter(), Counter([1, 1, 2]), Counter(x % 3 for x in range(10)))
for key, n in sorted(c.items()):
    print(key, n)

o: OrderedDict[str, int] = OrderedDict()
o["a"] = 1
o["b"] = 2
o["c"] = 3
o.move_to_end("a")
print(o, list(o), o.popitem(last=False), o.popitem(), o)
o.move_to_end("c", last=False)
o["z"] = 1
o.move_to_end("z", last=False)
print(o, OrderedDict(), OrderedDict([("k", 1)]) == OrderedDict([("k", 1)]))
one = OrderedDict([("x", 1), ("y", 2)])
two = OrderedDict([("y", 2), ("x", 1)])
print(one == two, one == dict(two), one != two)
