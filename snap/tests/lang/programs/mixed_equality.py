import json
data = {"a": 1, "b": [1, 2, {"c": None}], "d": 1.5}
s = json.dumps(data)
print(json.loads(s) == data)
x = [1, 2]
print(json.loads("[1, 2]") == x, x == json.loads("[1, 2]"), json.loads("[1, 2]") != x)
print(json.loads("[1, 2]") == [1.0, 2.0])
print([1] == [1.0], {"a": 1} == {"a": 1.0}, (1, 2) == (1.0, 2.0), [[1]] == [[1.0]])
print([1, "a"] == [1, "a"], [True] == [1], {1} == {1.0}, {1, 2} == {2.0, 1.0})
y = {"k": [1, 2]}
print(y == {"k": [1, 2]}, y == {"k": (1, 2)}, [1, 2] == (1, 2))
z = json.loads('{"k": [1, 2]}')
print(z == y, z["k"] == [1, 2], z["k"] == y["k"], [1, 2] == z["k"], z in [y], y in [z])
x = [1]
y = [1.0]
print(x == y, x != y, [x] == [y])
d = {"a": 1}
e = {"a": 1.0}
print(d == e, d != e)
s = {1, 2}
t = {1.0, 2.0}
print(s == t)
u = (1, [2])
v = (1.0, [2.0])
print(u == v)
n = [None, 1]
m = [1]
print(m == n, n[1:] == m)
w = [[1], ["a"]]
print(w[0] == [1], w == [[1], ["a"]], w[:1] == [[1]])
print([] == x, x == [], {} == d, [1, 2] == ["a"])
