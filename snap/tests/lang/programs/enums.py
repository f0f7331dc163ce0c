# %% enum1
from enum import Enum, IntEnum, auto
class Color(Enum):
    RED = 1
    GREEN = 2
    BLUE = 3
    CRIMSON = 1
print(Color["RED"], Color(2), Color.RED.name, Color.RED.value, Color.CRIMSON is Color.RED, Color.CRIMSON)
print(list(Color), len(Color), [c.name for c in Color])
try:
    Color(9)
except ValueError as e:
    print(e)
try:
    Color["X"]
except KeyError as e:
    print("KeyError", e)
print(Color.RED in Color, Color.RED == Color.RED, Color.RED != Color.BLUE, Color.RED == 1)
d = {Color.RED: "r", Color.BLUE: "b"}
print(d[Color.RED], d.get(Color.GREEN, "none"))
print(repr(Color.RED), str(Color.RED), f"{Color.RED}", Color)
def name(c):
    match c:
        case Color.RED: return "red"
        case Color.GREEN | Color.BLUE: return "other"
print(name(Color.RED), name(Color.BLUE))
print(isinstance(Color.RED, Color), type(Color.RED) is Color, Color.RED.__class__.__name__)
# %% intenum
from enum import IntEnum
class Level(IntEnum):
    LOW = 1
    MID = 5
    HIGH = 10
print(Level.LOW < Level.HIGH, Level.MID + 1, Level.HIGH.value, Level.LOW, repr(Level.LOW), f"{Level.LOW}", int(Level.MID))
print(Level(5), Level["LOW"], sorted([Level.HIGH, Level.LOW]), max(Level), [x for x in Level], Level.LOW == 1)
print({1: "a"}[Level.LOW], [10, 20, 30][Level.LOW], list(range(Level.MID)), sum(Level))
def f(n: int) -> int: return n * 2
print(f(Level.MID), Level.MID * 2, -Level.LOW, Level.LOW.name)
print(isinstance(Level.LOW, int), "%d" % Level.MID)
# %% strenum
from enum import StrEnum, auto
class Kind(StrEnum):
    CAT = "cat"
    DOG = auto()
print(Kind.CAT, repr(Kind.DOG), Kind.DOG.value, Kind.CAT == "cat", Kind.CAT.upper(), f"{Kind.DOG}!", Kind("dog"), Kind.CAT + "s")
print({"cat": 1}[Kind.CAT], "-".join([Kind.CAT, Kind.DOG]), len(Kind.CAT))
# %% strmix
from enum import Enum
class Kind(str, Enum):
    CAT = "cat"
    DOG = "dog"
print(Kind.CAT == "cat", Kind.CAT.value, Kind.CAT.upper(), Kind("dog"), repr(Kind.CAT), Kind.CAT.name)
# %% enummethods
from enum import Enum, auto
class Planet(Enum):
    EARTH = (5.97, 6.37)
    MARS = (0.64, 3.39)
    def __init__(self, mass, radius):
        self.mass = mass
        self.radius = radius
    @property
    def density(self):
        return round(self.mass / self.radius, 3)
    @classmethod
    def biggest(cls):
        return max(cls, key=lambda p: p.mass)
print(Planet.EARTH.mass, Planet.MARS.density, Planet.biggest(), Planet.EARTH.value)
class State(Enum):
    A = auto()
    B = auto()
    C = auto()
    def next(self):
        members = list(State)
        return members[(members.index(self) + 1) % len(members)]
    def __str__(self):
        return self.name.lower()
print(State.A.next(), State.C.next(), State.B.value)
for i, s in enumerate(State):
    print(i, s)
# %% unique
from enum import Enum, unique
@unique
class A(Enum):
    X = 1
    Y = 2
print(A.X, A(2))
# %% functional
from enum import Enum
Animal = Enum("Animal", "CAT DOG")
print(Animal.CAT, Animal.DOG.value)
# %% enumuser
from enum import IntEnum, Enum
class Level(IntEnum):
    LOW = 1
    HIGH = 10
class Job:
    def __init__(self, name: str, level: Level) -> None:
        self.name = name
        self.level = level
def twice(n: int) -> int:
    return n * 2
def shown(n: int) -> str:
    return repr(n) + str(n)
jobs = [Job("a", Level.HIGH), Job("b", Level.LOW)]
jobs.sort(key=lambda j: j.level)
print([j.name for j in jobs], twice(Level.HIGH), shown(Level.LOW), Level.HIGH > 3, 3 < Level.HIGH, Level.LOW + Level.HIGH)
if Level.LOW:
    print("true", bool(Level.LOW), hash(Level.LOW) == hash(1), {Level.LOW: "x"}[Level.LOW])
print(Level.LOW is Level.LOW, Level.LOW in (1, 2), Level.LOW == Level.HIGH, abs(Level.LOW), f"{Level.HIGH:5d}|{Level.HIGH:>4}")
class Base(Enum):
    def hi(self):
        return "hi " + self.name
class Sub(Base):
    ONE = 1
    TWO = 2
print(Sub.ONE.hi(), list(Sub), Sub(2))
def by_name(kind, name):
    return kind[name] if name in [m.name for m in kind] else None
print([m.value for m in Sub], Sub["TWO"], len(Sub))
# %% enumauto
from enum import Enum, auto
class A(Enum):
    X = 5
    Y = auto()
    Z = auto()
print([(a.name, a.value) for a in A])
