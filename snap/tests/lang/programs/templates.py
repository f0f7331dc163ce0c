# %% held
import re
import time

row = "{:<10}|{:>5}|{name}"
pattern = r"(\w+)=(\d+)"
grouped = re.compile(r"(?P<key>\w)(\d)(x)?")
plain = re.compile(r"\d+")
line = "%-6s|%5.2f"


def show(key, value):
    return row.format(key, value, name="n") + line % (key, value)


print(show("a", 1.5), show("bcd", 2.0))
print(re.findall(pattern, "a=1 b=22"), grouped.findall("a1 b2x"), plain.findall("1 22"))
for key, digit, rest in grouped.findall("q7x w8"):
    print(key, digit, repr(rest))
print("%(a)s is %(b)05.1f%% %(a)r" % {"a": "x", "b": 42.25})
data = {"x": 3, "y": 4}
print("%(x)d,%(y)3d|" % data)
start = time.time()
time.sleep(0.25)
print(0.25 <= time.time() - start < 5)
try:
    time.sleep(-1)
except ValueError as error:
    print(error)
# %% nones
a = [None] * 3
a[0] = 1
grid = [[None] * 2 for _ in range(2)]
grid[0][1] = "x"
lists = [None] * 2
lists[0] = [1, 2]
empty = [None] * 2
print(a, grid, lists, empty)
