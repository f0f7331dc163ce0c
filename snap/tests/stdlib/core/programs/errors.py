def show(error: BaseException) -> None:
    print(type(error).__name__, "|", str(error), "|", repr(error))


show(ValueError())
show(ValueError("bad"))
show(ValueError(5))
show(KeyError("k"))
show(KeyError(3))
show(KeyError())
show(ValueError("a", 2))
show(Exception("it's"))
show(IndexError("i"))
show(RuntimeError("é\n"))


class Custom(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(f"code {code}")
        self.code = code


class Plain(ValueError):
    pass


show(Custom(7))
show(Plain("p"))
for number in range(4):
    try:
        if number == 0:
            raise Custom(1)
        if number == 1:
            raise Plain("x")
        if number == 2:
            raise KeyError("z")
        print([][number] if False else "fine")
    except Custom as error:
        print("custom", error.code, error)
    except ValueError as error:
        print("value", error)
    except LookupError as error:
        print("lookup", error, isinstance(error, KeyError))
    finally:
        print("finally", number)


def chain() -> None:
    try:
        raise ValueError("first")
    except ValueError as error:
        raise RuntimeError("second") from error


try:
    chain()
except RuntimeError as error:
    print(error, repr(error.__cause__), repr(error.__context__), error.__suppress_context__)
try:
    try:
        raise ValueError("inner")
    except ValueError:
        raise TypeError("outer")
except TypeError as error:
    print(error, repr(error.__cause__), repr(error.__context__), error.__suppress_context__)


def deep(n: int) -> int:
    return deep(n + 1) + 1


try:
    deep(0)
except RecursionError as error:
    print("recursion", type(error).__name__)


def first_of(items: list[int]) -> int:
    a, b = items
    return a + b


for items in [[1], [1, 2], [1, 2, 3]]:
    try:
        print(first_of(items))
    except ValueError as error:
        print(error)
for items in [[1], [1, 2], [1, 2, 3]]:
    try:
        x, y, *rest = items
        print(x, y, rest)
    except ValueError as error:
        print(error)
try:
    assert 1 == 2, "unequal"
except AssertionError as error:
    print(error, repr(error))
try:
    assert False
except AssertionError as error:
    show(error)
class HttpError(Exception):
    def __init__(self, status: int) -> None:
        self.status = status
class Two(Exception):
    def __init__(self, a: int, b: str) -> None:
        self.a = a
class Kw(Exception):
    def __init__(self, message: str, *, code: int = 0) -> None:
        super().__init__(message)
        self.code = code
class Named(Exception):
    def __init__(self, name: str) -> None:
        super().__init__(f"no {name}")
        self.name = name
    def __str__(self) -> str:
        return "named " + self.name
print(HttpError(404), repr(HttpError(404)))
print(Two(1, "x"), repr(Two(1, "x")))
print(Kw("m", code=3), repr(Kw("m", code=3)))
print(Named("q"), repr(Named("q")))
try:
    raise ValueError("a", 1)
except ValueError as e:
    print(e.args, e.args[0], len(e.args))
try:
    raise KeyError("k")
except KeyError as e:
    print(e.args, e.args[0] == "k")
try:
    raise RuntimeError()
except RuntimeError as e:
    print(e.args)
print(Exception(1, 2, 3).args)
