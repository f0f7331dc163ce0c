# %% tuple_of_any_length
from typing import Any, Callable
def retry(times: int, exceptions: tuple[type[Exception], ...] = (Exception,)):
    def decorate(func: Callable[..., Any]) -> Callable[..., Any]:
        def inner(*args: Any, **kwargs: Any) -> Any:
            last: Exception | None = None
            for attempt in range(1, times + 1):
                try:
                    return func(*args, **kwargs)
                except exceptions as exc:
                    last = exc
                    print(f"  attempt {attempt} failed: {exc}")
            assert last is not None
            raise last
        return inner
    return decorate
def bad() -> str:
    raise ConnectionError("left")
try:
    retry(2, (ConnectionError,))(bad)()
except ConnectionError as e:
    print("gave up:", e)
try:
    retry(2, (KeyError, ValueError))(bad)()
except ConnectionError as e:
    print("gave up:", e)
try:
    retry(2)(bad)()
except ConnectionError as e:
    print("gave up:", e)
# %% a_parameter
def attempt(f, errors):
    try:
        return f()
    except errors as e:
        return type(e).__name__
print(attempt(lambda: 1 // 0, ZeroDivisionError), attempt(lambda: int("x"), (ValueError, TypeError)))
def safe(f, *errors):
    try:
        return f()
    except errors as e:
        return str(e)
print(safe(lambda: [][1], IndexError, KeyError))
# %% a_field
class Retry:
    def __init__(self, times, on=(ValueError,)):
        self.times, self.on = times, on
    def __call__(self, f):
        for i in range(self.times):
            try:
                return f(i)
            except self.on as e:
                print("again", e)
        return None
def g(i):
    if i < 2:
        raise ValueError(i)
    return i
print(Retry(3)(g))
