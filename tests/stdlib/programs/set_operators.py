d = {"a": 1, "b": 2}; e = {"b": 2, "c": 3}
s = {"a", "q"}
print(sorted(d.keys() & e.keys()), sorted(d.keys() | e.keys()), sorted(d.keys() - e.keys()), sorted(d.keys() ^ e.keys()))
print(sorted(s & d.keys()), sorted(s | d.keys()), sorted(s - d.keys()), sorted(s ^ d.keys()), sorted(d.keys() & ["a"]), sorted(d.keys() - s))
print(sorted(d.items() & e.items()), sorted(d.items() - e.items()), sorted(d.items() ^ e.items()), sorted(d.items() | {("z", 0)}))
print(d.keys() <= {"a", "b", "c"}, d.keys() < e.keys(), d.keys() >= {"a"}, {"a"} <= d.keys(), d.keys() == {"a", "b"}, d.keys().isdisjoint(e))
print(frozenset("ax") & d.keys(), sorted(frozenset("ax") | d.keys()))
s |= d.keys(); print(sorted(s)); s -= e.keys(); print(sorted(s)); s &= d.keys(); print(sorted(s)); s ^= {"a"}; print(s)
s.update("ab", ["cd"], {1: 2}.keys() and "z"); print(sorted(s))
s.difference_update("a", "b"); print(sorted(s)); s.intersection_update(["cd", "z"], ["z"]); print(s)
print(set("abc").union("d", ["e"]) == set("abcde"), set("abc").intersection("ab", "bc"), set("abc").difference("a", "b"))
n: set[int] = {1, 2}
n |= {3: 0}.keys()
print(n, n - {1: ""}.keys(), {1: "x"}.keys() & n)
common = set(d) & set(e)
for k in d.keys() & e.keys(): print(k, d[k])
mixed = {1: "a", "x": 2}
print(len(mixed.keys() & {1, "x", 3}), mixed.keys() - {"x"})
print(pow(3, 4, mod=5), pow(2, exp=10), pow(base=2, exp=3), pow(3, -1, mod=7), pow(2.0, 3), pow(2, 3, 5), list(map(pow, [2, 3], [3, 2])))
