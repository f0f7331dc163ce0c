class AppError(Exception):
    pass


class Specific(AppError):
    def __init__(self, code: int) -> None:
        super().__init__(f"code {code}")
        self.code = code


def risky(n: int) -> int:
    if n == 0:
        raise ValueError("zero")
    if n == 1:
        raise Specific(7)
    if n == 2:
        return [1, 2][n]
    return n


for i in range(5):
    try:
        print("got", risky(i))
    except ValueError as error:
        print("value", error)
    except (AppError, KeyError) as error:
        print("app", error, isinstance(error, Specific))
    except IndexError:
        print("index")
    else:
        print("fine")
    finally:
        print("done", i)


def order() -> int:
    try:
        print("try")
        return 1
    finally:
        print("finally")


def loop() -> list[int]:
    out = []
    for i in range(5):
        try:
            if i == 1:
                continue
            if i == 3:
                break
            out.append(i)
        finally:
            out.append(100 + i)
    return out


def nested() -> str:
    try:
        try:
            raise KeyError("inner")
        except ValueError:
            return "no"
        finally:
            print("cleanup")
    except KeyError as error:
        return f"outer {error}"


def chained() -> None:
    try:
        risky(0)
    except ValueError as error:
        raise AppError("wrapped") from error


print(order(), loop(), nested())
try:
    chained()
except AppError as error:
    print(error, repr(error.__cause__))


class Manager:
    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> str:
        print("enter", self.name)
        return self.name

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        print("exit", self.name, error is not None)


with Manager("a") as name, Manager("b"):
    print("inside", name)
try:
    with Manager("c"):
        raise RuntimeError("boom")
except RuntimeError as error:
    print("caught", error)
try:
    assert 1 > 2, "math works"
except AssertionError as error:
    print("assert", error)


def reraise() -> None:
    try:
        raise ValueError("again")
    except ValueError:
        print("seen")
        raise


try:
    reraise()
except ValueError as error:
    print(error, type(error).__name__)


def deep(n: int) -> int:
    return deep(n + 1) + 1


try:
    deep(0)
except RecursionError:
    print("recursion")
print(9223372036854775807)
raise Specific(3)
