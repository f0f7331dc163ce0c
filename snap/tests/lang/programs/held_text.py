# %% cls


class C:
    text = ""

    def get(self) -> str:
        return self.text


c = C()
seen: list[str] = []
for i in range(4):
    C.text += str(i)
    seen.append(c.text)
    seen.append(c.get())
    seen.append(C.text)
print(seen)
# %% glob
log = ""
held: list[str] = []


def note(x: str = log) -> None:
    held.append(log)


def keep() -> str:
    return log


for i in range(4):
    log += "a"
    held.append(keep())
    note()
    held += [log for _ in range(1)]
    held.append(f"{log}")
    d = {log: i}
    log += "b"
    held += list(d)
    t = (log, 1)
    log += "c"
    held.append(t[0])
    other = log if i else "z"
    log += "d"
    held.append(other)
print(held)


def gen():
    global log
    log += "!"
    return "q"


for i in range(3):
    log += gen()
    held.append(log)
print(log, held[-3:])


class Holder:
    def __init__(self, s: str) -> None:
        self.s = s


s = ""
hs = []
for i in range(3):
    s += "k"
    hs.append(Holder(s))
    x = y = s
    s += "l"
    hs.append(Holder(x))
    m = max(s, "a")
    s += "m"
    hs.append(Holder(m))
    w = s.strip()
    v = s or "e"
    u = s[:]
    r = "".join([s])
    q = str(s)
    s += "n"
    hs += [Holder(w), Holder(v), Holder(u), Holder(r), Holder(q)]
print([h.s for h in hs])
