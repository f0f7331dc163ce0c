# %% mixins_and_cooperation
import json


class JsonMixin:
    def to_json(self):
        return json.dumps(self.to_dict(), sort_keys=True)

    def describe(self):
        return f"{type(self).__name__} via JsonMixin"


class EqMixin:
    tags = []

    def key(self):
        return self.name

    def __eq__(self, other):
        return isinstance(other, EqMixin) and self.key() == other.key()

    def __lt__(self, other):
        return self.key() < other.key()


class Base:
    def __init__(self, name):
        self.name = name

    def to_dict(self):
        return {"name": self.name}

    def describe(self):
        return "Base"


class User(JsonMixin, EqMixin, Base):
    def __init__(self, name, age):
        super().__init__(name)
        self.age = age

    def to_dict(self):
        d = super().to_dict()
        d["age"] = self.age
        return d


class Item(JsonMixin, Base):
    pass


u = User("ann", 3)
v = User("bob", 4)
print(u.to_json(), Item("x").to_json())
print(u == v, u == User("ann", 5), u < v)
print(u.describe())
print(
    isinstance(u, JsonMixin),
    isinstance(u, EqMixin),
    isinstance(Item("z"), EqMixin),
    isinstance(Item("y"), JsonMixin),
    isinstance(u, Base),
)
print(issubclass(User, JsonMixin), issubclass(Item, EqMixin))


def show(x: JsonMixin) -> str:
    return x.to_json() + x.describe()


print(show(u), show(Item("q")))
things: list[JsonMixin] = [u, Item("w")]
for t in things:
    print(t.to_json())
EqMixin.tags.append("a")
print(User.tags, u.tags)


class A:
    def go(self, log):
        log.append("A")
        return log


class B(A):
    def go(self, log):
        log.append("B")
        return super().go(log)


class C(A):
    def go(self, log):
        log.append("C")
        return super().go(log)


class D(B, C):
    def go(self, log):
        log.append("D")
        return super().go(log)


print(D().go([]), B().go([]), C().go([]))
print(isinstance(D(), B), isinstance(D(), C))


class LoggingMixin:
    def __setitem__(self, key, value):
        print("set", key, value)
        super().__setitem__(key, value)


class LoggingDict(LoggingMixin, dict):
    pass


d = LoggingDict()
d["a"] = 1
print(d, len(d), isinstance(d, dict), isinstance(d, LoggingMixin))


class BankError(Exception):
    def __init__(self, message, code):
        super().__init__(message)
        self.code = code


class Missing(BankError, KeyError):
    pass


for kind in (1, 2, 3):
    try:
        raise Missing("no such account", 404)
    except BankError as e:
        print("bank", e.code, str(e), repr(e))
try:
    raise Missing("x", 1)
except KeyError as e:
    print("key", e, isinstance(e, BankError))


class Left:
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.left = True


class Right:
    def __init__(self, size=1, **kwargs):
        super().__init__(**kwargs)
        self.size = size


class Both(Left, Right):
    def __init__(self, name, **kwargs):
        super().__init__(**kwargs)
        self.name = name


b = Both("n", size=7)
print(b.left, b.size, b.name, b.__dict__)


class E1:
    def __init__(self):
        self.e = 1


class E2:
    def __init__(self, k):
        self.k = k


class E(E1, E2):
    def __init__(self):
        E1.__init__(self)
        E2.__init__(self, 9)


print(E().e, E().k)


# %% bases_of_every_kind
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Generic, TypeVar, Protocol

T = TypeVar("T")


class Drawable(ABC):
    @abstractmethod
    def draw(self) -> str: ...
    def render(self) -> str:
        return "<" + self.draw() + ">"


class Shape(ABC):
    def __init__(self, name: str) -> None:
        self.name = name

    @abstractmethod
    def area(self) -> float: ...
    def __str__(self) -> str:
        return f"{self.name}: {self.area():.2f}"


class Circle(Drawable, Shape):
    def __init__(self, r: float) -> None:
        super().__init__("circle")
        self.r = r

    def draw(self) -> str:
        return f"o{self.r}"

    def area(self) -> float:
        return 3.14159 * self.r**2


class Square(Shape, Drawable):
    def __init__(self, s: float) -> None:
        super().__init__("square")
        self.s = s

    def draw(self) -> str:
        return f"[{self.s}]"

    def area(self) -> float:
        return self.s * self.s


for s in [Circle(1.0), Square(2.0)]:
    print(s, s.render(), isinstance(s, Drawable), isinstance(s, Shape))


def paint(items: list[Drawable]) -> None:
    for item in items:
        print(item.render())


paint([Circle(2.0), Square(3.0)])
try:
    Drawable()
except TypeError as e:
    print("TypeError")


class Repo(Generic[T]):
    def __init__(self) -> None:
        self.items: list[T] = []

    def add(self, item: T) -> None:
        self.items.append(item)

    def all(self) -> list[T]:
        return list(self.items)


class Logged:
    log_count = 0

    def log(self, msg: str) -> None:
        Logged.log_count += 1
        print(f"[{type(self).__name__}] {msg}")


class UserRepo(Logged, Repo[str]):
    def add(self, item: str) -> None:
        self.log(f"adding {item}")
        super().add(item)


r = UserRepo()
r.add("a")
r.add("b")
print(r.all(), Logged.log_count, UserRepo.log_count)


@dataclass
class Timestamped:
    created: int = 0

    def age(self, now: int) -> int:
        return now - self.created


@dataclass
class Named:
    name: str = "?"

    def greet(self) -> str:
        return f"hi {self.name}"


@dataclass
class Doc(Timestamped, Named):
    body: str = ""


d = Doc(name="n", created=3, body="b")
print(d, d.age(10), d.greet(), Doc("x", 5, "z"))
print([c.__name__ for c in Doc.__mro__], [c.__name__ for c in Doc.__bases__])


class Counter:
    count = 0

    def tick(self):
        self.count += 1
        return self.count


class Speaker:
    sound = "..."

    def speak(self):
        return f"{self.name} says {self.sound}"

    @property
    def loud(self):
        return self.speak().upper()

    @classmethod
    def make(cls, name):
        return cls(name)

    @staticmethod
    def helper(x):
        return x * 2


class Animal:
    def __init__(self, name):
        self.name = name


class Dog(Speaker, Counter, Animal):
    sound = "woof"


class Cat(Speaker, Counter, Animal):
    sound = "meow"


a = Dog.make("rex")
c = Cat("tom")
print(a.loud, c.speak(), a.tick(), a.tick(), c.tick(), Dog.helper(4), Counter.count)
animals = [a, c]
for x in animals:
    print(x.speak(), x.count, isinstance(x, Counter))
Counter.count = 10
print(Dog("z").tick(), a.count)


def f(x):
    match x:
        case Speaker(name=n):
            return f"speaker {n}"
        case _:
            return "no"


print(f(a), f(3))


class Validator:
    def validate(self):
        return []


class RangeV(Validator):
    def validate(self):
        errs = super().validate()
        if self.value < 0:
            errs.append("neg")
        return errs


class EvenV(Validator):
    def validate(self):
        errs = super().validate()
        if self.value % 2:
            errs.append("odd")
        return errs


class N(RangeV, EvenV):
    def __init__(self, v):
        self.value = v


print(N(-3).validate(), N(4).validate())


class Sing:
    def act(self):
        return "sing"


class Dance:
    def act(self):
        return "dance"


class Star(Sing, Dance):
    def act(self):
        return Sing.act(self) + "+" + Dance.act(self)


print(Star().act(), [k.__name__ for k in Star.__mro__])


# %% mixins_of_scripts
class Shown:
    def __repr__(self):
        return f"<{type(self).__name__}>"

    def unit(self):
        return "m"


class Meters(Shown, float):
    pass


m = Meters(2.5)
print(m, m + 1, m.unit(), isinstance(m, float), isinstance(m, Shown), [m])


class Upper(str):
    def shout(self):
        return self.upper() + "!"


class Tag(Shown, str):
    def x(self):
        return len(self)


print(Tag("ab").x(), repr(Tag("ab")), Tag("q") == "q")


# mixin with init + kwargs
class LogMixin:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.log = []

    def record(self, x):
        self.log.append(x)


class Account:
    def __init__(self, owner, balance=0):
        self.owner = owner
        self.balance = balance

    def deposit(self, n):
        self.balance += n


class LoggedAccount(LogMixin, Account):
    def deposit(self, n):
        self.record(("dep", n))
        super().deposit(n)


a = LoggedAccount("ann", balance=5)
a.deposit(10)
print(a.owner, a.balance, a.log)


class ReprMixin:
    def __repr__(self):
        fields = ", ".join(f"{k}={v!r}" for k, v in self.__dict__.items())
        return f"{self.__class__.__name__}({fields})"


class P:
    def __init__(self, x, y):
        self.x = x
        self.y = y


class Q(ReprMixin, P):
    pass


print(Q(1, 2), [Q(3, "a")])


class SingletonMixin:
    _instance = None

    @classmethod
    def instance(cls):
        if cls._instance is None:
            cls._instance = cls()
        return cls._instance


class Config(SingletonMixin, P):
    def __init__(self):
        super().__init__(0, 0)


print(Config.instance() is Config.instance())


class Plugin:
    registry = []

    def __init_subclass__(cls, **kw):
        super().__init_subclass__(**kw)
        Plugin.registry.append(cls.__name__)


class Helper:
    def help(self):
        return "help"


class PA(Helper, Plugin):
    pass


class PB(Plugin, Helper):
    pass


print(Plugin.registry, PA().help(), PB().help())


class ContextMixin:
    def __enter__(self):
        self.open()
        return self

    def __exit__(self, *exc):
        self.close()
        return False


class Res:
    def __init__(self, n):
        self.n = n

    def open(self):
        print("open", self.n)

    def close(self):
        print("close", self.n)


class File(ContextMixin, Res):
    pass


with File("f") as f:
    print("in", f.n)


class Comparable:
    def __lt__(self, o):
        return self.key() < o.key()

    def __eq__(self, o):
        return self.key() == o.key()

    def __hash__(self):
        return hash(self.key())


class Ver(Comparable, ReprMixin):
    def __init__(self, a, b):
        self.a, self.b = a, b

    def key(self):
        return (self.a, self.b)


print(sorted([Ver(2, 1), Ver(1, 5), Ver(1, 2)]), Ver(1, 1) == Ver(1, 1), len({Ver(1, 1), Ver(1, 1)}))


class Observable:
    def __init__(self):
        self._obs = []

    def attach(self, fn):
        self._obs.append(fn)

    def notify(self, *args):
        for fn in self._obs:
            fn(*args)


class Named:
    def __init__(self, name):
        self.name = name


class Thing(Observable, Named):
    def __init__(self, name):
        Observable.__init__(self)
        Named.__init__(self, name)
        self._v = 0

    @property
    def v(self):
        return self._v

    @v.setter
    def v(self, x):
        self._v = x
        self.notify(self.name, x)


t = Thing("th")
t.attach(lambda n, x: print("changed", n, x))
t.v = 3


class Flyer:
    def move(self):
        return "fly"


class Swimmer:
    def move(self):
        return "swim"


class Duck(Flyer, Swimmer):
    def move(self):
        return super().move() + " and " + Swimmer.move(self)


print(Duck().move(), Duck.__mro__, Duck.__bases__, Duck.__base__)


def poly(x: Flyer):
    return x.move()


print(poly(Duck()), poly(Flyer()))


class Err(ValueError, KeyError):
    pass


for T in (ValueError, KeyError, LookupError):
    try:
        raise Err("bad")
    except T as e:
        print(T.__name__, e, repr(e))


class TE(TypeError, ValueError):
    pass


try:
    raise TE("both")
except ValueError as e:
    print("V", e, e.args)


class HttpError(Exception):
    status = 500

    def __init__(self, msg):
        super().__init__(msg)
        self.msg = msg


class RetryMixin:
    retry_after = 5


class Unavailable(RetryMixin, HttpError):
    status = 503


try:
    raise Unavailable("down")
except HttpError as e:
    print("h")


# %% mixins_and_built_in_classes
from collections import OrderedDict
from enum import Enum
import functools, time


class DescribeMixin:
    def describe(self):
        return f"{self.__class__.__name__} has {len(self)} items"


class MyList(DescribeMixin, list):
    def total(self):
        return sum(self)


x = MyList([1, 2, 3])
print(x, x.describe(), x.total(), isinstance(x, list))


class ListFirst(list, DescribeMixin):
    pass


print(ListFirst([1]).describe())


class UpperKeys:
    def __setitem__(self, k, v):
        super().__setitem__(k.upper(), v)


class Loud:
    def __setitem__(self, k, v):
        print("loud", k)
        super().__setitem__(k, v)


class D1(UpperKeys, Loud, dict):
    pass


class D2(Loud, UpperKeys, dict):
    pass


d = D1()
d["a"] = 1
e = D2()
e["b"] = 2
print(d, e)


class LabelMixin:
    def label(self):
        return self.name.title()


class Color(LabelMixin, Enum):
    RED = 1
    BLUE = 2


print(Color.RED.label(), [c.label() for c in Color])


class Timer:
    def timed(self, fn, *a):
        r = fn(*a)
        return r


class Cache:
    def __init__(self):
        super().__init__()
        self._cache = {}

    def cached(self, k, fn):
        if k not in self._cache:
            self._cache[k] = fn(k)
        return self._cache[k]


class Service(Timer, Cache):
    def __init__(self, name):
        super().__init__()
        self.name = name

    def run(self, n):
        return self.cached(n, lambda k: k * k)


s = Service("s")
print(s.run(3), s.run(3), s._cache, s.timed(s.run, 5))


class Base:
    def save(self):
        print("Base.save")


class Audit:
    def save(self):
        print("audit before")
        super().save()
        print("audit after")


class Valid:
    def save(self):
        print("validating")
        super().save()


class Model(Audit, Valid, Base):
    pass


Model().save()
for c in Model.__mro__:
    print(c.__name__, end=" ")
print()
print([b.__name__ for b in Model.__bases__], Model.__base__.__name__)


class A:
    x = 1

    def who(self):
        return "A"


class B(A):
    x = 2

    def who(self):
        return "B" + super().who()


class C(A):
    x = 3

    def who(self):
        return "C" + super().who()


class D(B, C):
    def who(self):
        return "D" + super().who()


class E(C, B):
    pass


class F(D):
    def who(self):
        return "F" + super().who()


print(D().who(), E().who(), F().who(), D.x, E.x, D().x)
objs = [A(), B(), C(), D(), E(), F()]
print([isinstance(o, B) for o in objs], [isinstance(o, C) for o in objs], [isinstance(o, D) for o in objs])
print([o.who() for o in objs], [o.x for o in objs])
B.x = 20
print(D.x, B().x, E.x, D().x)
print(issubclass(D, B), issubclass(E, B), issubclass(B, C), issubclass(F, C))


def area(o):
    if isinstance(o, B):
        return "b" + o.who()
    return "other" + o.who()


print([area(o) for o in objs])
reg = {}


def register(cls):
    reg[cls.__name__] = cls
    return cls


@register
class G(B, C):
    pass


print(reg["G"]().who())
print(type(G()), G, G().__class__.__name__)


class Sized2:
    def __len__(self):
        return 5

    def __bool__(self):
        return True


class Iter2:
    def __iter__(self):
        return iter([1, 2])

    def __contains__(self, x):
        return x == 9


class Coll(Sized2, Iter2):
    pass


c = Coll()
print(len(c), list(c), 9 in c, bool(c), 1 in c)


class Op:
    def __add__(self, o):
        return type(self)(self.v + o.v)

    def __sub__(self, o):
        return self.__class__(self.v - o.v)


class Val:
    def __init__(self, v):
        self.v = v

    def __repr__(self):
        return f"{type(self).__name__}({self.v})"


class Num(Op, Val):
    pass


print(Num(1) + Num(2), Num(5) - Num(3))


# %% typed_mixins
from typing import Any, Generic, Protocol, TypeVar, Optional, ClassVar
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
import json
T = TypeVar("T")
K = TypeVar("K")
class Serializable(ABC):
    @abstractmethod
    def to_dict(self) -> dict[str, Any]: ...
    def to_json(self) -> str:
        return json.dumps(self.to_dict())
class Validatable(ABC):
    @abstractmethod
    def validate(self) -> list[str]: ...
    @property
    def is_valid(self) -> bool:
        return not self.validate()
@dataclass
class Entity:
    id: int
    tags: list[str] = field(default_factory=list)
@dataclass
class Product(Serializable, Validatable, Entity):
    name: str = ""
    price: float = 0.0
    def to_dict(self) -> dict[str, Any]:
        return {"id": self.id, "name": self.name, "price": self.price, "tags": self.tags}
    def validate(self) -> list[str]:
        errors = []
        if not self.name:
            errors.append("name")
        if self.price < 0:
            errors.append("price")
        return errors
@dataclass
class Order(Validatable, Serializable):
    items: list[Product]
    def to_dict(self) -> dict[str, Any]:
        return {"items": [i.to_dict() for i in self.items]}
    def validate(self) -> list[str]:
        return [f"{i.id}:{e}" for i in self.items for e in i.validate()]
p = Product(1, ["x"], "pen", 2.5)
q = Product(2, price=-1.0)
o = Order([p, q])
print(p, q.validate(), q.is_valid, o.to_json(), o.validate())
def dump(xs: list[Serializable]) -> None:
    for x in xs:
        print(type(x).__name__, x.to_json())
dump([p, o])
def check(*xs: Validatable) -> dict[str, bool]:
    return {type(x).__name__: x.is_valid for x in xs}
print(check(p, o))
both: Optional[Serializable] = p
if both is not None and isinstance(both, Validatable):
    print(both.is_valid)
try:
    class Bad(Serializable, Validatable):
        def validate(self) -> list[str]:
            return []
    Bad()
except TypeError as e:
    print("TypeError", e)
class Stack(Generic[T]):
    def __init__(self) -> None:
        self._items: list[T] = []
    def push(self, x: T) -> None:
        self._items.append(x)
    def pop(self) -> T:
        return self._items.pop()
    def __len__(self) -> int:
        return len(self._items)
class CountMixin:
    pushes: ClassVar[int] = 0
    def bump(self) -> None:
        CountMixin.pushes += 1
class CStack(CountMixin, Stack[T]):
    def push(self, x: T) -> None:
        self.bump()
        super().push(x)
s: CStack[int] = CStack()
s.push(1); s.push(2)
t: CStack[str] = CStack()
t.push("a")
print(s.pop() + 1, t.pop() + "b", len(s), CountMixin.pushes, CStack.pushes)
class Pair(Generic[K, T]):
    def __init__(self, k: K, v: T) -> None:
        self.k = k; self.v = v
class Swap(Generic[T]):
    def show(self, x: T) -> str:
        return f"<{x}>"
class P2(Swap[str], Pair[int, str]):
    pass
print(P2(1, "z").show("q"), P2(2, "w").v)
class HasArea(Protocol):
    def area(self) -> float: ...
class Shape(HasArea, ABC):
    def double(self) -> float:
        return self.area() * 2
class Sq(Shape):
    def __init__(self, s: float) -> None:
        self.s = s
    def area(self) -> float:
        return self.s ** 2
def total(xs: list[HasArea]) -> float:
    return sum(x.area() for x in xs)
print(total([Sq(2.0), Sq(3.0)]), Sq(1.5).double())
def anyf(x: Any) -> str:
    if isinstance(x, Serializable):
        return "S" + x.to_json()
    if isinstance(x, Validatable):
        return "V"
    return "-"
print(anyf(p)[:5], anyf(3), anyf(o)[:6], anyf("s"))


# %% orders_of_classes
class A:
    def __init__(self):
        print("A init")
        super().__init__()
        self.a = 1
class B:
    def __init__(self):
        print("B init")
        super().__init__()
        self.b = 2
class C(A, B):
    def __init__(self):
        print("C init")
        super().__init__()
        self.c = self.a + self.b
c = C()
print(c.__dict__, vars(c))
def outer():
    class M:
        def hi(self): return "hi " + self.n
    class N:
        def __init__(self, n): self.n = n
    class O(M, N):
        pass
    return O("loc").hi()
print(outer())
class Config:
    class Meta:
        order = 1
class Mix:
    class Inner:
        def v(self): return 7
    def make(self): return self.Inner().v()
class H(Mix, Config): pass
print(H().make(), H.Meta.order, H.Inner().v())
class Temp:
    def __init__(self, c): self._c = c
    @property
    def c(self): return self._c
    @c.setter
    def c(self, v): self._c = v
class Fahr:
    @property
    def f(self): return self.c * 9 / 5 + 32
    @f.setter
    def f(self, v): self.c = (v - 32) * 5 / 9
class T(Fahr, Temp): pass
t = T(100)
print(t.f); t.f = 32; print(t.c, t.f)
class Hook:
    hooks = {}
    def on(self, name, fn):
        self.hooks.setdefault(name, []).append(fn)
    def fire(self, name, *args, **kw):
        return [fn(*args, **kw) for fn in self.hooks.get(name, [])]
class Btn(Hook, Temp): pass
b = Btn(1); b.on("click", lambda x, y=2: x + y); print(b.fire("click", 5), b.fire("none"), Btn(2).fire("click", 1, y=1))
class Walk:
    def speed(self): return 1
class Run(Walk):
    def speed(self): return super().speed() + 10
class Jump(Walk):
    def speed(self): return super().speed() * 2
class Hero(Run, Jump): pass
class Hero2(Jump, Run): pass
class Super(Hero):
    def speed(self): return super().speed() + 100
print(Hero().speed(), Hero2().speed(), Super().speed(), Run().speed(), Jump().speed())
xs = [Hero(), Hero2(), Super(), Run(), Jump(), Walk()]
print([x.speed() for x in xs], [isinstance(x, Run) for x in xs], [isinstance(x, (Jump,)) for x in xs])
ks = [Hero, Hero2, Super, Run, Jump, Walk]
print([(issubclass(k, Jump), issubclass(k, Run), issubclass(k, Walk)) for k in ks])
print([k().speed() for k in ks])
def f(x):
    if isinstance(x, Jump):
        return "J%d" % x.speed()
    elif isinstance(x, Run):
        return "R%d" % x.speed()
    return "W"
print([f(x) for x in xs])
print(Hero.speed(Hero()), Run.speed(Hero()), Jump.speed(Hero()), Walk.speed(Hero()))
class Eq:
    def __eq__(self, o): return type(self) is type(o) and self.__dict__ == o.__dict__
    def __ne__(self, o): return not self == o
class Pt(Eq, Temp): pass
print(Pt(1) == Pt(1), Pt(1) != Pt(2), Pt(1) == 3, Pt(1) in [Pt(1)])
class Base:
    registry = {}
    name = "base"
    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.registry[cls.name] = cls
class L:
    name = "l"
class X(L, Base): pass
class Y(Base, L): pass
class Z(Base):
    name = "z"
print(sorted(Base.registry), X.name, Y.name)
class Str1:
    def __str__(self): return "Str1"
class Rep:
    def __repr__(self): return "Rep"
class SR(Rep, Str1): pass
class RS(Str1, Rep): pass
print(SR(), repr(SR()), RS(), [RS()], f"{SR()} {SR()!r}")
class It:
    def __iter__(self):
        for i in range(self.n): yield i * self.k
class Nn:
    def __init__(self, n): self.n = n
    k = 3
class ItN(It, Nn): pass
print(list(ItN(4)), sum(ItN(3)), max(ItN(2)), [*ItN(2)])
class Pop:
    def __init__(self, *a, **k): 
        super().__init__(*a, **k)
        self.done = False
class PN(Pop, Nn): pass
print(PN(4).n, PN(n=5).n, PN(1).done)
getattr_t = getattr(Hero(), "speed")
print(getattr_t(), hasattr(Hero(), "speed"), hasattr(Hero, "nothing"))


# %% sets_and_lists_of_ones_own
from collections.abc import Set, MutableSet, MutableSequence, Sequence, Iterable, Iterator
class Interval(Set):
    def __init__(self, items): self._items = tuple(sorted(set(items)))
    def __contains__(self, x): return x in self._items
    def __iter__(self): return iter(self._items)
    def __len__(self): return len(self._items)
    def __repr__(self): return f"Interval{self._items}"
a, b = Interval([3, 1, 2, 2]), Interval([2, 3, 5])
print(a & b, a | b, a - b, a ^ b, a <= b, Interval([2]) < a, a == {1, 2, 3}, a.isdisjoint([9]))
print(a & {1, 9}, a | {7}, a - {1}, a ^ {1, 9}, a >= {1}, a > {1, 2, 3}, a == b, a != b, {1, 9} & a)
print(isinstance(a, Set), isinstance(a, MutableSet), isinstance(a, Sequence), isinstance({1}, Set))
class OrderedSet(MutableSet):
    def __init__(self, iterable=()):
        self._data = {}
        for x in iterable:
            self.add(x)
    def __contains__(self, x): return x in self._data
    def __iter__(self): return iter(self._data)
    def __len__(self): return len(self._data)
    def add(self, x): self._data[x] = None
    def discard(self, x): self._data.pop(x, None)
    def __repr__(self): return f"OrderedSet({list(self)})"
s = OrderedSet("abracadabra")
print(s, len(s), "a" in s, "z" in s)
s.add("z"); s.discard("a"); s.remove("b")
try:
    s.remove("q")
except KeyError as e:
    print("KeyError", e)
print(s, s.pop(), s)
s |= OrderedSet("xy")
print(s)
s -= OrderedSet("xr")
print(s)
s &= OrderedSet("yzc")
print(s, s == OrderedSet("zcy"), s | OrderedSet("k"), s & OrderedSet("c"), s - OrderedSet("c"), s ^ OrderedSet("cw"))
s ^= OrderedSet("cw")
print(s)
s.clear()
print(len(s), bool(s), isinstance(s, Set), isinstance(s, MutableSet))
class LoudList(MutableSequence):
    def __init__(self, *items): self.items = list(items)
    def __len__(self): return len(self.items)
    def __getitem__(self, i): return self.items[i]
    def __setitem__(self, i, v): self.items[i] = v
    def __delitem__(self, i): print("del", i); del self.items[i]
    def insert(self, i, v): print("insert", i, v); self.items.insert(i, v)
ll = LoudList(1, 2, 3)
ll.append(4)
ll.extend([7, 8])
ll.remove(2)
ll += [9]
print(ll.pop(), ll.items, ll.index(7), list(reversed(ll)), 4 in ll, ll.count(7))
ll.reverse()
print(ll.items, ll[0], ll[-1])
ll.clear()
print(len(ll), isinstance(ll, MutableSequence), isinstance(ll, Sequence))
class TypedList(MutableSequence):
    def __init__(self, kind, items=None):
        self._kind = kind
        self._items = []
        if items: self.extend(items)
    def _check(self, v):
        if not isinstance(v, self._kind): raise TypeError(f"expected {self._kind.__name__}")
    def __getitem__(self, i): return self._items[i]
    def __setitem__(self, i, v):
        self._check(v)
        self._items[i] = v
    def __delitem__(self, i): del self._items[i]
    def __len__(self): return len(self._items)
    def insert(self, i, v):
        self._check(v)
        self._items.insert(i, v)
t = TypedList(int, [1, 2, 3])
t.append(4); t[0] = 10
print(list(t), sum(t), t.pop(0), len(t))
try:
    t.append("x")
except TypeError as e:
    print(e)
print(a == 3, a == [1, 2, 3], {1, 2, 3} == a, 3 == a, a == OrderedSet([3, 2, 1]), OrderedSet([1]) == a, a in [1, a], a == None)


# %% super_with_arguments
class A:
    def m(self): return "A"
    @property
    def p(self): return 1
    k = 5
class B(A):
    def m(self): return "B" + super().m()
class C(B):
    def m(self): return "C" + super(B, self).m()
print(C().m())


# %% super_as_value
class A:
    def m(self): return "A"
    @property
    def p(self): return 1
    k = 5
class B(A):
    def m(self): return "B" + super(B, self).m()
    @property
    def p(self): return super().p + 1
    def kk(self): return super().k
print(B().m(), B().p, B().kk())
class Swim:
    def move(self):
        return ["swim"] + (super().move() if hasattr(super(), "move") else [])
class Fly:
    def move(self):
        below = super().move() if hasattr(super(), "move") else []
        if hasattr(super(), "move"):
            below = below + super().move()
        return ["fly"] + below
class Duck(Fly, Swim): pass
print(Duck().move(), Fly().move(), Swim().move())
print([c.__name__ for c in Duck.mro()], Duck.mro())


# %% classes_above
from abc import ABC, abstractmethod
class Shape(ABC):
    @abstractmethod
    def area(self): ...
class Mixin: pass
class Sq(Mixin, Shape):
    def area(self): return 1
class Rect(Shape, ABC, Mixin):
    def area(self): return 2
print([c.__name__ for c in Sq.__mro__], Sq.__bases__, Shape.__mro__, Shape.__base__)
print(issubclass(Sq, ABC), issubclass(Mixin, ABC), isinstance(Sq(), ABC), isinstance(3, ABC), Shape.__bases__)
class D(Mixin, dict): pass
class E(KeyError, Mixin): pass
print(D.__mro__, E.__mro__, ValueError.__mro__, dict.__mro__, int.__mro__)
class F(Mixin, float): pass
print(F.__mro__, F.__bases__, Mixin.__base__, Mixin.__bases__)
print([c.__name__ for c in Rect.mro()])
class Bank(Exception):
    def __init__(self, m, code=1):
        super().__init__(m)
        self.code = code
    def __str__(self): return f"bank {self.code}"
class G(KeyError, Bank): pass
class H(Bank, KeyError): pass
class I(Bank, ValueError, KeyError): pass
class J(Mixin, ConnectionError, Bank): pass
for k in (G, H, I, J):
    for t in (Bank, KeyError, ValueError, OSError, LookupError, Exception):
        try:
            try:
                raise k("m")
            except t as e:
                print(k.__name__, t.__name__, str(e), repr(e), e.args, isinstance(e, Mixin))
        except Exception as e:
            print("not", k.__name__, t.__name__, type(e).__name__)


# %% mixins_after_built_in_classes
class Log:
    def __init__(self, *a):
        super().__init__(*a)
        self.seen = 0
    def size(self): return 99
    def note(self):
        return f"{len(self)} items"
class D(dict, Log): pass
class L(list, Log): pass
class M(Log, list): pass
d = D(); d["a"] = 1
print(len(d), d.note(), L([1]).note(), d, hasattr(d, "seen"), M([1, 2]).note(), list(M([3])), M([3]).seen)
class A(dict): pass
class S(A):
    def total(self): return sum(self.values())
s = S(); s["x"] = 2
print(s.total(), s)


# %% fields_never_set
class A:
    def __init__(self):
        self.x = 1
class B(A):
    def __init__(self):
        self.y = 2
b = B()
try:
    print(b.x)
except AttributeError as e:
    print(e)
class P:
    def __init__(self):
        self.p = 1
class Q:
    def __init__(self):
        self.q = 2
    def show(self):
        return self.q
class C(P, Q):
    pass
c = C()
print(c.p, hasattr(c, "q"))
try:
    print(c.show())
except AttributeError as e:
    print(e)
class D(P, Q):
    def __init__(self):
        Q.__init__(self)
print(D().q)
