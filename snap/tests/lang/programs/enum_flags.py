# %% flags
from enum import Flag, IntFlag, auto, Enum, IntEnum
class Perm(Flag):
    NONE = 0
    READ = auto()
    WRITE = auto()
    EXEC = auto()
    RW = READ | WRITE
    ALL = READ | WRITE | EXEC
    def describe(self):
        return "+".join(m.name.lower() for m in self) or "nothing"
p = Perm.READ
p |= Perm.EXEC
print(p, repr(p), p.name, p.value, p.describe(), Perm.NONE.describe(), Perm.ALL.describe())
print(p is (Perm.EXEC | Perm.READ), Perm.READ | Perm.WRITE is Perm.RW, (Perm.READ | Perm.WRITE) is Perm.RW)
p &= ~Perm.READ
print(p, p == Perm.EXEC, Perm.READ & Perm.WRITE, bool(Perm.READ & Perm.WRITE), not Perm.NONE)
print(list(Perm), len(Perm), [m.name for m in Perm.ALL], len(Perm.ALL), Perm["RW"], Perm(5), Perm(3), Perm(0), Perm(-1), Perm(-3))
print(Perm.READ in Perm.RW, Perm.EXEC in Perm.RW, Perm.NONE in Perm.READ, Perm.RW in Perm.ALL)
print(Perm.READ ^ Perm.RW, ~Perm.NONE, ~Perm.RW, ~(Perm.READ | Perm.EXEC))
print(f"{p} {p!r} {Perm.RW!s:>10}|", {Perm.READ: 1}[Perm.READ], Perm.READ != Perm.WRITE)
for bad in (8, 9, -9, 100):
    try:
        Perm(bad)
    except ValueError as e:
        print(e)
def check(user: Perm, need: Perm) -> bool:
    return user & need == need
print(check(Perm.ALL, Perm.RW), check(Perm.READ, Perm.RW))
if Perm.READ & Perm.ALL: print("yes")
match Perm.READ | Perm.WRITE:
    case Perm.READ: print("r")
    case Perm.RW: print("rw")
    case _: print("other")
users = {"ann": Perm.READ | Perm.EXEC, "bob": Perm.NONE}
for name, perm in users.items():
    print(name, perm, [str(x) for x in perm], isinstance(perm, Perm), type(perm).__name__)
# %% int_flags
from enum import IntFlag, Flag
class Mode(IntFlag):
    R = 4
    W = 2
    X = 1
m = Mode.R | Mode.W
print(m, repr(m), m + 1, m == 6, m | 1, repr(m | 1), repr(1 | m), repr(m | 8), repr(~m), repr(Mode(0)), repr(Mode(8)), repr(Mode(15)))
print(list(Mode), list(m), len(m), Mode.R in m, m & Mode.R == Mode.R, m & 4, repr(m & 4), repr(m ^ Mode.R), m > 3, f"{m}", f"{m:03b}", str(m), int(m), hex(m))
print([repr(x) for x in Mode], repr(Mode["R"]), Mode.R.name, (Mode.R | Mode.X).name, repr(Mode(-1)), repr(~Mode.R))
class Style(Flag):
    BOLD = 1 << 0
    ITALIC = 1 << 1
    UNDER = 1 << 2
    FANCY = BOLD | ITALIC
def show(s):
    out = []
    if Style.BOLD in s: out.append("b")
    if s & Style.ITALIC: out.append("i")
    if Style.UNDER in s: out.append("u")
    return "".join(out)
print(show(Style.FANCY), show(Style.FANCY | Style.UNDER), show(Style.FANCY & ~Style.BOLD), Style.FANCY)
s = Style(0)
for x in Style: s |= x
print(s, repr(s), s.value, s.name)
print(Style.BOLD.value.bit_length(), Style.FANCY.name)
total = 0
for x in Mode: total += x
print(total, sum(Mode), sorted(Mode), max(Mode), {Mode.R: "r"})
# %% missing_members_and_own_operators
from enum import Enum, IntEnum
class Color(Enum):
    RED = 1
    GREEN = 2
    OTHER = 3
    @classmethod
    def _missing_(cls, value):
        if isinstance(value, str):
            for m in cls:
                if m.name.lower() == value.lower():
                    return m
            return None
        return cls.OTHER
print(Color("red"), Color(9), Color(2))
try:
    print(Color("x"))
except ValueError as e:
    print(e)
class Size(IntEnum):
    S = 1
    L = 5
    def __add__(self, other):
        return "added"
    def __radd__(self, other):
        return "radded"
    def __lt__(self, other):
        return self.value > 1
    def __eq__(self, other):
        return False
print(Size.S + 1, 1 + Size.S, Size.S == 1, Size.S - 1, Size.L * 2, Size.L < 3, Size.S < 3, Size.L > 2)
