# %% closures_counter
def counter():
    count = 0

    def increment(by=1):
        nonlocal count
        count += by
        return count

    return increment


a = counter()
b = counter()
print(a(), a(), a(5), b(), a())
# %% closures_late_binding
functions = [lambda: i for i in range(3)]
print([f() for f in functions])
functions = [lambda i=i: i for i in range(3)]
print([f() for f in functions])


def make():
    fs = []
    for i in range(3):

        def f():
            return i * 10

        fs.append(f)
    return fs


print([f() for f in make()])


# %% closures_shared
def pair():
    value = 0

    def get():
        return value

    def put(v):
        nonlocal value
        value = v

    return get, put


get, put = pair()
put(5)
print(get())
put(7)
print(get())


# %% compose
def compose(f, g):
    return lambda x: f(g(x))


inc = lambda x: x + 1
double = lambda x: x * 2
print(compose(inc, double)(5), compose(double, inc)(5))


# %% higher_order
def apply_n(f, n, x):
    for _ in range(n):
        x = f(x)
    return x


print(apply_n(lambda v: v * 2, 5, 1), apply_n(lambda s: s + "!", 3, "hi"))
print(list(map(lambda x: x * x, [1, 2, 3])), list(filter(lambda x: x % 2, range(6))))
print(list(map(str, [1, 2])), list(map(int, ["3", "4"])), sorted(["b", "A", "c"], key=str.lower))


# %% defaults_mutable
def append_to(item, target=[]):
    target.append(item)
    return target


print(append_to(1), append_to(2), append_to(3, [9]))


# %% arguments_kinds
def f(a, b=2, /, c=3, *, d=4, e):
    return (a, b, c, d, e)


print(f(1, e=5), f(1, 9, e=5, c=7), f(1, 2, 3, d=0, e=1))


def g(*args, sep=","):
    return sep.join(str(a) for a in args)


print(g(1, 2, 3), g(), g("a", "b", sep="-"))


def h(**options):
    return sorted(options.items())


print(h(x=1, y=2), h())


def total(first, *rest):
    return first + sum(rest)


print(total(1), total(1, 2, 3), total(*[1, 2, 3]))


# %% argument_order
def say(x):
    print("say", x)
    return x


def f(a, b, c):
    return a * 100 + b * 10 + c


print(f(say(1), c=say(2), b=say(3)))
say(1) + say(2) * say(3)
x = [say(1), say(2)][say(0)]
say(1) < say(2) < say(3)
say(3) < say(2) < say(1)
d = {say("k"): say("v")}


# %% assignment_order
def i(n):
    print("index", n)
    return n


a = [0, 0, 0]
a[i(0)], a[i(1)] = i(5), i(6)
print(a)
a[i(2)] += i(7)
print(a)
x = y = z = i(9)
print(x, y, z)
# %% starred
first, *middle, last = [1, 2, 3, 4, 5]
print(first, middle, last)
*init, tail = "abc"
print(init, tail)
head, *rest = (1,)
print(head, rest)
(a, b), c = (1, 2), 3
print(a, b, c)
for x, (y, z) in [(1, (2, 3)), (4, (5, 6))]:
    print(x, y, z)
print([*range(3), *[7, 8]], (*"ab", "c"), {*[1, 2], 3}, {**{"a": 1}, "b": 2})
# %% unpack_errors
try:
    a, b = [1]
except ValueError as e:
    print(e)
try:
    a, b = [1, 2, 3]
except ValueError as e:
    print(e)
try:
    a, *b, c = [1]
except ValueError as e:
    print(e)
# %% walrus
data = [1, 5, 10]
if (n := len(data)) > 2:
    print(n)
print([y for x in data if (y := x * 2) > 5], y)
while (item := data.pop()) != 1:
    print(item)
# %% loops_else
for i in range(5):
    if i == 10:
        break
else:
    print("no break")
for i in range(5):
    if i == 2:
        break
else:
    print("never")
n = 3
while n:
    n -= 1
else:
    print("done", n)
print(i)
# %% loop_variable
for i in range(3):
    pass
print(i)
for i in range(3):
    i += 10
    print(i)
for x in []:
    pass
try:
    print(x)
except NameError as e:
    print(type(e).__name__, e)
# %% list_mutation_during_loop
a = [1, 2, 3]
for x in a:
    if x < 3:
        a.append(x + 10)
    print(x)
    if len(a) > 6:
        break
print(a)
a = [1, 2, 3, 4]
for x in a:
    a.remove(x)
print(a)
# %% dict_mutation_during_loop
d = {"a": 1, "b": 2}
for k in d:
    d[k] = 5
print(d)
for k in list(d):
    del d[k]
print(d)
d = {"a": 1}
for k in d:
    d[k + k] = 1
# %% comprehension_scopes
x = 10
print([x for x in range(3)], x)
print([[y * x for y in range(3)] for x in range(2)], x)
print({k: v for k, v in zip("abc", range(3))}, {c for c in "hello" if c > "g"} == {"h", "l", "o"})
print([(a, b) for a in range(3) for b in range(a) if (a + b) % 2])


# %% generator_basic
def countdown(n):
    print("start")
    while n > 0:
        yield n
        n -= 1
    print("end")


for x in countdown(3):
    print(x)
g = countdown(2)
print(next(g), next(g))
try:
    next(g)
except StopIteration:
    print("stopped")
print(next(g, "default") if False else next(g, -1))


# %% generator_pipeline
def numbers():
    for i in range(10):
        yield i


def squares(source):
    for x in source:
        yield x * x


def evens(source):
    for x in source:
        if x % 2 == 0:
            yield x


print(list(evens(squares(numbers()))), sum(squares(numbers())))


# %% generator_yield_from
def flatten(tree):
    for item in tree:
        if isinstance(item, list):
            yield from flatten(item)
        else:
            yield item


def walk():
    yield 0
    yield from [1, 2]
    yield from range(3, 5)
    yield from (x * x for x in range(3))


print(list(walk()))
# %% generator_expression
g = (x * x for x in range(5))
print(next(g), next(g), list(g), list(g))
print(
    sum(x for x in range(5)), any(x > 3 for x in range(5)), all(x < 3 for x in range(5)), max((x * -1 for x in [1, 2]))
)
print(",".join(str(i) for i in range(4)))


def noisy(x):
    print("noisy", x)
    return x > 1


print(any(noisy(x) for x in range(5)))


# %% generator_send_close
def averager():
    total = 0.0
    count = 0
    try:
        while True:
            yield total
            count += 1
            total += count
    finally:
        print("closed")


g = averager()
print(next(g), next(g))
g.close()


# %% generator_finally
def f():
    try:
        yield 1
        yield 2
    finally:
        print("cleanup")


for x in f():
    print(x)
for x in f():
    print(x)
    break
print("after")


# %% generator_class_iter
class Range:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        i = 0
        while i < self.n:
            yield i
            i += 1


r = Range(3)
print(list(r), [x for x in r], sum(r), max(r), 2 in r, tuple(r), sorted(r, reverse=True))
a, b, c = r
print(a, b, c, *r)


# %% iterator_protocol
class Countdown:
    def __init__(self, start):
        self.current = start

    def __iter__(self):
        return self

    def __next__(self):
        if self.current <= 0:
            raise StopIteration
        self.current -= 1
        return self.current + 1


for n in Countdown(3):
    print(n)
print(list(Countdown(4)), sum(Countdown(4)))
it = iter([1, 2])
print(next(it), next(it), next(it, None))


# %% exceptions_flow
def f(kind):
    try:
        print("try", kind)
        if kind == 1:
            raise ValueError("bad")
        if kind == 2:
            raise KeyError("missing")
        if kind == 3:
            return "returned"
    except ValueError as e:
        print("value", e)
        return "handled"
    except (KeyError, IndexError) as e:
        print("lookup", e, repr(e), type(e).__name__)
    else:
        print("else")
    finally:
        print("finally")
    return "end"


for k in range(4):
    print(f(k))


# %% exceptions_finally_overrides
def f():
    try:
        return 1
    finally:
        print("f")


def g():
    for i in range(3):
        try:
            if i == 1:
                continue
            print(i)
        finally:
            print("finally", i)


def h():
    while True:
        try:
            break
        finally:
            print("leaving")
    return "h"


print(f())
g()
print(h())


# %% exceptions_nested
def f():
    try:
        try:
            raise ValueError("inner")
        except ValueError:
            raise RuntimeError("outer")
        finally:
            print("inner finally")
    except RuntimeError as e:
        print(e, type(e.__context__).__name__)
        raise


try:
    f()
except RuntimeError as e:
    print("again", e)
try:
    try:
        raise KeyError("a")
    except KeyError as e:
        raise ValueError("b") from e
except ValueError as e:
    print(repr(e), repr(e.__cause__))


# %% exceptions_builtin_messages
def attempt(f):
    try:
        f()
        print("no error")
    except Exception as e:
        print(type(e).__name__, "|", e)


attempt(lambda: 1 // 0)
attempt(lambda: 1 % 0)
attempt(lambda: 1 / 0)
attempt(lambda: 1.0 / 0)
attempt(lambda: 1.0 // 0.0)
attempt(lambda: 1.0 % 0.0)
attempt(lambda: [1][5])
attempt(lambda: [1][-2])
attempt(lambda: (1, 2, 3)[0])
attempt(lambda: "abc"[10])
attempt(lambda: {"a": 1}["b"])
attempt(lambda: {1: 1}[2])
attempt(lambda: int("x1"))
attempt(lambda: int(""))
attempt(lambda: float("abc"))
attempt(lambda: int(float("nan")))
attempt(lambda: int(float("inf")))
attempt(lambda: [].pop())
attempt(lambda: [1].pop(3))
attempt(lambda: [1].remove(2))
attempt(lambda: [1].index(2))
attempt(lambda: "abc".index("z"))
attempt(lambda: {"a": 1}.pop("z"))
attempt(lambda: set([1]).remove(2))
attempt(lambda: max([1][1:]))
attempt(lambda: min([1][1:]))
attempt(lambda: chr(-1))
attempt(lambda: chr(0x110000))
attempt(lambda: ord("ab"))
attempt(lambda: range(1, 2, 0))
attempt(lambda: "a" * -1)
attempt(lambda: next(iter([1][1:])))
attempt(lambda: "x".join(["a"]).split(""))
attempt(lambda: [1, 2, 3][::0])
attempt(lambda: 1 << -1)
attempt(lambda: 1 >> -1)
attempt(lambda: 0**-1 if False else 0)
attempt(lambda: 0.0**-1)
attempt(lambda: (-8.0) ** 2)
attempt(lambda: bytes([256]))
attempt(lambda: b"abc"[5])
attempt(lambda: "é".encode("ascii"))
attempt(lambda: b"\xff".decode("utf-8"))
attempt(lambda: int("12", 40))
attempt(lambda: int("9", 8))
attempt(lambda: "{}".format())
attempt(lambda: f"{3:d}")


# %% exceptions_user_class
class AppError(Exception):
    pass


class NotFound(AppError):
    def __init__(self, name, code=404):
        super().__init__(f"{name} not found")
        self.name = name
        self.code = code


class Custom(Exception):
    def __str__(self):
        return "custom text"


for make in (lambda: AppError("plain"), lambda: NotFound("page"), lambda: Custom()):
    try:
        raise make()
    except NotFound as e:
        print("nf", e, e.name, e.code, e.args)
    except AppError as e:
        print("app", e, e.args)
    except Exception as e:
        print("other", e, repr(e))
try:
    raise AppError
except AppError as e:
    print(repr(e), str(e) == "", e.args)
raise NotFound("x", 1)


# %% exceptions_uncaught_custom_str
class Custom(Exception):
    def __init__(self, code):
        self.code = code

    def __str__(self):
        return f"code {self.code}"


print("before")
raise Custom(7)


# %% exceptions_assert
def check(x):
    assert x > 0, f"x must be positive, got {x}"
    return x


print(check(1))
try:
    check(-1)
except AssertionError as e:
    print("assert", e)
assert True
assert 1 == 2


# %% exceptions_with
class Resource:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        print("enter", self.name)
        return self

    def __exit__(self, kind, value, trace):
        print("exit", self.name, kind is not None, value)
        return self.name == "swallow"


with Resource("a") as a, Resource("b") as b:
    print(a.name, b.name)
with Resource("swallow"):
    raise ValueError("gone")
try:
    with Resource("c"):
        raise ValueError("kept")
except ValueError as e:
    print("caught", e)


def f():
    with Resource("d"):
        return 5


print(f())
for i in range(3):
    with Resource(str(i)):
        if i == 1:
            break


# %% exceptions_reraise_order
def f():
    try:
        raise ValueError(1)
    except ValueError as e:
        saved = e
    return saved


e = f()
print(repr(e), e.args, e.args[0])
try:
    raise e
except ValueError as again:
    print(again is e)
# %% exceptions_except_star_name_unbound
try:
    raise ValueError("x")
except ValueError as err:
    pass
try:
    print(err)
except NameError as e:
    print("unbound")


# %% class_attributes
class Config:
    debug = False
    levels = ["low", "high"]
    count = 0

    def __init__(self):
        Config.count += 1
        self.name = f"config{Config.count}"


a, b = Config(), Config()
print(Config.count, a.count, a.name, b.name, a.debug, Config.levels, a.levels is b.levels)
Config.debug = True
print(a.debug, b.debug)
a.debug = False
print(a.debug, b.debug, Config.debug)


# %% class_inheritance
class Animal:
    def __init__(self, name):
        self.name = name

    def speak(self):
        return "..."

    def intro(self):
        return f"{self.name} says {self.speak()}"


class Dog(Animal):
    def speak(self):
        return "woof"


class Puppy(Dog):
    def __init__(self, name, age):
        super().__init__(name)
        self.age = age

    def speak(self):
        return super().speak() + "!" * self.age


for animal in [Animal("it"), Dog("rex"), Puppy("bit", 3)]:
    print(animal.intro(), isinstance(animal, Dog), type(animal).__name__, type(animal) is Dog)
print(issubclass(Puppy, Animal), issubclass(Animal, Dog))


# %% class_dunders
class Money:
    def __init__(self, cents):
        self.cents = cents

    def __eq__(self, other):
        return isinstance(other, Money) and self.cents == other.cents

    def __lt__(self, other):
        return self.cents < other.cents

    def __le__(self, other):
        return self.cents <= other.cents

    def __hash__(self):
        return hash(self.cents)

    def __add__(self, other):
        return Money(self.cents + other.cents)

    def __iadd__(self, other):
        self.cents += other.cents
        return self

    def __getitem__(self, i):
        return str(self.cents)[i]

    def __len__(self):
        return len(str(self.cents))

    def __contains__(self, digit):
        return digit in str(self.cents)

    def __call__(self, rate):
        return self.cents * rate

    def __str__(self):
        return f"${self.cents // 100}.{self.cents % 100:02}"

    def __repr__(self):
        return f"Money({self.cents})"

    def __format__(self, spec):
        return str(self).rjust(int(spec)) if spec else str(self)


a, b = Money(250), Money(1999)
print(a, b, [a, b], a == Money(250), a != b, a < b, a > b, a <= b, a >= b)
print(
    a + b,
    {a: 1}[Money(250)],
    len({a, b, Money(250)}),
    a[0],
    len(a),
    "2" in a,
    a(2),
    f"{a}|{a:>8}".replace(">", "") if False else f"{a}|{a:8}",
)
alias = a
a += b
print(a, alias, alias is a, sorted([b, a]), max(a, b), not a)


# %% class_property
class Temperature:
    def __init__(self, celsius):
        self._celsius = celsius

    @property
    def celsius(self):
        return self._celsius

    @celsius.setter
    def celsius(self, value):
        if value < -273:
            raise ValueError("too cold")
        self._celsius = value

    @property
    def fahrenheit(self):
        return self._celsius * 9 / 5 + 32


t = Temperature(100)
print(t.celsius, t.fahrenheit)
t.celsius = 50
t.celsius += 5
print(t.celsius)
try:
    t.celsius = -300
except ValueError as e:
    print(e)


# %% class_static
class Tools:
    registry = {}

    @staticmethod
    def double(x):
        return x * 2

    @classmethod
    def create(cls):
        return cls()

    @classmethod
    def register(cls, name):
        cls.registry[name] = len(cls.registry)
        return cls.registry


class Sub(Tools):
    pass


print(Tools.double(4), Tools().double("ab"), type(Tools.create()).__name__, type(Sub.create()).__name__)
print(Tools.register("a"), Sub.register("b"))


# %% class_str_default
class A:
    pass


class B:
    def __str__(self):
        return "b!"


class C:
    def __repr__(self):
        return "C()"


print(str(B()), [C()], C(), f"{B()} {C()!s} {C()!r}", str(A())[0])


# %% class_eq_identity
class A:
    def __init__(self, v):
        self.v = v


a, b = A(1), A(1)
print(a == b, a == a, a != b, a is b, a in [b], [a].index(a), a in (b, a), len({a, b}))


# %% class_nested_data
class Department:
    def __init__(self, name):
        self.name = name
        self.people = []

    def hire(self, person):
        self.people.append(person)
        person.department = self
        return self


class Person:
    def __init__(self, name):
        self.name = name
        self.department = None


d = Department("R&D").hire(Person("ann")).hire(Person("bob"))
print([p.name for p in d.people], d.people[0].department.name, d.people[1].department is d)
# %% dataclass_basic
from dataclasses import dataclass, field


@dataclass
class Point:
    x: int
    y: int = 0


@dataclass(frozen=True)
class Key:
    name: str
    n: int = 1


@dataclass(order=True)
class Version:
    major: int
    minor: int = 0
    tags: list[str] = field(default_factory=list, compare=False)


p = Point(1)
print(p, p == Point(1, 0), p != Point(2), Point(y=5, x=2))
p.x += 10
print(p.x, {Key("a"): 1}[Key("a", 1)], Key("z") == Key("z"))
print(
    sorted([Version(2, 1), Version(1, 9), Version(1, 2)]), Version(1) < Version(2), Version(1, tags=["x"]) == Version(1)
)


@dataclass
class Base:
    a: int

    def show(self):
        return f"a={self.a}"


@dataclass
class Derived(Base):
    b: str = "d"

    def __post_init__(self):
        self.c = self.a * 2


d = Derived(4)
print(d, d.c, d.show())
try:
    Key("a").n = 5
except Exception as e:
    print(type(e).__name__, e)
# %% enum_basic
from enum import Enum


class Color(Enum):
    RED = 1
    GREEN = 2
    BLUE = 3


print(Color.RED, repr(Color.RED), Color.RED.name, Color.RED.value, Color(2), Color["BLUE"])
print([c.name for c in Color], len(Color), Color.RED == Color.RED, Color.RED is Color.RED, Color.RED != Color.BLUE)
d = {Color.RED: "r", Color.GREEN: "g"}
print(d[Color.GREEN], Color.RED in d)
try:
    Color(9)
except ValueError as e:
    print(e)


# %% match_values
def http(status):
    match status:
        case 200 | 201:
            return "ok"
        case 404:
            return "not found"
        case n if n >= 500:
            return f"server error {n}"
        case _:
            return "other"


for s in (200, 201, 404, 503, 302):
    print(s, http(s))


def command(text):
    match text.split():
        case ["go", direction]:
            return f"going {direction}"
        case ["pick", *items]:
            return f"picking {items}"
        case []:
            return "nothing"
        case [one]:
            return f"just {one}"
        case _:
            return "what?"


for t in ("go north", "pick a b c", "", "jump", "x y z"):
    print(command(t))
# %% match_classes
from dataclasses import dataclass


@dataclass
class Circle:
    radius: int


@dataclass
class Square:
    side: int


def area(shape: Circle | Square) -> int:
    match shape:
        case Circle(radius=r):
            return 3 * r * r
        case Square(side):
            return side * side


def point(p: tuple[int, int]) -> str:
    match p:
        case (0, 0):
            return "origin"
        case (x, 0):
            return f"x={x}"
        case (0, y):
            return f"y={y}"
        case (x, y):
            return f"{x},{y}"


print(area(Circle(2)), area(Square(3)), point((0, 0)), point((1, 0)), point((0, 2)), point((3, 4)))


# %% match_dict
def handle(message: dict[str, str]) -> str:
    match message:
        case {"type": "text", "body": body}:
            return body
        case {"type": kind, **rest}:
            return f"{kind} {rest}"
        case _:
            return "unknown"


print(handle({"type": "text", "body": "hi"}), handle({"type": "image", "url": "u"}), handle({}))
# %% global_statement
counter = 0
names = []


def bump():
    global counter
    counter += 1
    names.append(f"n{counter}")


bump()
bump()
print(counter, names)


# %% functions_as_values
def add(a, b):
    return a + b


def sub(a, b):
    return a - b


ops = {"add": add, "sub": sub}
for name in ops:
    print(name, ops[name](5, 3))
f = add if len(ops) > 1 else sub
print(f(1, 2), (lambda *a: len(a))(1, 2, 3) if False else 3)


# %% recursion_mutual
def is_even(n):
    return True if n == 0 else is_odd(n - 1)


def is_odd(n):
    return False if n == 0 else is_even(n - 1)


print(is_even(10), is_odd(7), is_even(7))


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


print(ackermann(2, 3))


# %% recursion_limit
def forever(n):
    return forever(n + 1) + 1


try:
    forever(0)
except RecursionError as e:
    print("RecursionError", str(e).startswith("maximum recursion depth exceeded"))
# %% rebinding
x = 1
print(x)
x = "text"
print(x.upper())
x = [x, x]
print(len(x))


def f(v):
    v = str(v)
    v = v + "!"
    v = len(v)
    return v


print(f(123))


# %% redefinition
def f():
    return 1


print(f())


def f():
    return "two"


print(f())


class A:
    v = 1


a = A()


class A:
    v = "new"


print(a.v, A().v)
# %% conditional_definition
import sys

if len("abc") == 3:

    def choose():
        return "three"
else:

    def choose():
        return "other"


print(choose())


# %% truthiness
class Box:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n


for v in (0, 1, -1):
    print(bool(v), not v, "yes" if v else "no")
print(
    bool(""),
    bool(" "),
    bool([]),
    bool([0]),
    bool({}),
    bool({1: 1}),
    bool(0.0),
    bool(0.1),
    bool(None),
    bool(Box(0)),
    bool(Box(2)),
    bool(()),
    bool(range(0)),
)
print(0 or "x" if False else "y", [] or [1], "a" and "b", None or 5, 0 or 0)
print(1 and 2, 0 and 2, "" or "default", not [] and not {})
# %% chained_comparison
x = 5
print(1 < x < 10, 1 < x > 3, 5 == x == 5, 1 < x < 3 < 10, x != 4 != 5)
print("a" < "b" < "c", (1, 2) < (1, 3), [1, 2] < [1, 2, 3], [2] > [1, 9], "abc" < "abd", (1, "b") > (1, "a"))


# %% is_none
def find(items, wanted):
    for item in items:
        if item == wanted:
            return item
    return None


print(find([1, 2], 2), find([1, 2], 3), find([1], 5) is None, find(["a"], "a") is not None)
result = find([1, 2, 3], 3)
if result is not None:
    print(result + 1)
if result:
    print("truthy")
# %% del_statement
a = [1, 2, 3, 4, 5]
del a[0]
del a[-1]
print(a)
del a[1:]
print(a)
d = {"x": 1, "y": 2}
del d["x"]
print(d)
try:
    del d["zz"]
except KeyError as e:
    print("KeyError", e)
b = 5
del b
try:
    print(b)
except NameError as e:
    print(e)
# %% docstrings_and_pass
"""Module docstring."""


def f():
    """Doc."""


class A:
    """Doc."""

    def m(self):
        """Doc."""
        ...


print(f(), A().m())


# %% main_guard
def main():
    print("main runs")
    return 0


if __name__ == "__main__":
    main()
# %% print_options
print("a", "b", sep="-", end="!\n")
print()
print("x", end="")
print("y", 1, None, True, sep="")
print(*[1, 2, 3], sep=", ")
print("tab\tnew\\n", 'quote"s', "it's", repr("it's"), repr("both'\""), repr("\n\t\x00é\u200b"))
print([1, "a", None, True, 1.5, (1,), {"k": [1]}])
# %% string_escapes
print("\x41\u00e9\N{GREEK SMALL LETTER ALPHA}\101", r"\n raw", b"bytes\x00\xff", "abc")
print(
    """triple
quoted "text" here""",
    "line \
continued",
)


# %% decorators_plain
def shout(f):
    def wrapper(text):
        return f(text).upper() + "!"

    return wrapper


@shout
def greet(name):
    return "hello " + name


print(greet("ann"))


def trace(f):
    def wrapper(*args):
        print("calling", args)
        result = f(*args)
        print("result", result)
        return result

    return wrapper


@trace
def add(a, b):
    return a + b


add(1, 2)


# %% decorators_with_arguments
def repeat(n):
    def decorate(f):
        def wrapper(x):
            for _ in range(n):
                x = f(x)
            return x

        return wrapper

    return decorate


@repeat(3)
def double(x):
    return x * 2


print(double(1))


# %% memo_decorator
def memoize(f):
    cache = {}

    def wrapper(n):
        if n not in cache:
            cache[n] = f(n)
        return cache[n]

    return wrapper


@memoize
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(50))


# %% generic_stack
class Stack[T]:
    def __init__(self) -> None:
        self.items: list[T] = []

    def push(self, item: T) -> None:
        self.items.append(item)

    def pop(self) -> T:
        return self.items.pop()


def first[T](items: list[T]) -> T:
    return items[0]


s = Stack[int]()
s.push(1)
s.push(2)
print(s.pop(), first(["a", "b"]), first([1.5]))
t: Stack[str] = Stack()
t.push("x")
print(t.pop())
# %% type_alias
type Pair = tuple[int, str]
Names = list[str]


def show(p: Pair, names: Names) -> str:
    return f"{p[0]}{p[1]}{names}"


print(show((1, "a"), ["b"]))
# %% abstract_base
from abc import ABC, abstractmethod


class Shape(ABC):
    @abstractmethod
    def area(self) -> float: ...

    def describe(self) -> str:
        return f"{type(self).__name__} {self.area():.1f}"


class Square(Shape):
    def __init__(self, side: float) -> None:
        self.side = side

    def area(self) -> float:
        return self.side**2


print(Square(2.0).describe())
# %% protocol
from typing import Protocol


class Speaker(Protocol):
    def speak(self) -> str: ...


class Dog:
    def speak(self) -> str:
        return "woof"


class Robot:
    def speak(self) -> str:
        return "beep"


def talk(s: Speaker) -> str:
    return s.speak() * 2


print(talk(Dog()), talk(Robot()))
speakers: list[Speaker] = [Dog(), Robot()]
print([s.speak() for s in speakers])
# %% optional_chain
from typing import Optional


class Node:
    def __init__(self, value: int, next: Optional["Node"] = None):
        self.value = value
        self.next = next


def total(node: Optional[Node]) -> int:
    if node is None:
        return 0
    return node.value + total(node.next)


def last(node: Node) -> int:
    while node.next is not None:
        node = node.next
    return node.value


chain = Node(1, Node(2, Node(3)))
print(total(chain), last(chain), total(None))


# %% unions
def describe(x: int | str | float | None | list[int]) -> str:
    if x is None:
        return "none"
    if isinstance(x, int):
        return f"int {x + 1}"
    if isinstance(x, str):
        return "str " + x.upper()
    if isinstance(x, float):
        return f"float {x / 2}"
    return f"list {len(x)}"


for v in (1, "a", 2.5, None, [1, 2]):
    print(describe(v))
print(describe(True))
# %% any_json
from typing import Any


def depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max([depth(v) for v in value.values()], default=0)
    if isinstance(value, list):
        return 1 + max([depth(v) for v in value], default=0)
    return 0


print(depth({"a": [1, {"b": 2}]}), depth(5), depth([]))
x: Any = 5
print(x + 1)
x = "a"
print(x + "b")
