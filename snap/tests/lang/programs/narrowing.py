class Box:
    def __init__(self) -> None:
        self.x: int | None = None
    def clear(self) -> None:
        self.x = None
    def run(self) -> None:
        self.x = 5
        if self.x is not None:
            self.clear()
            if self.x is None:
                print("cleared")
            else:
                print("still", self.x)
        self.x = 3
        self.clear()
        print("yes" if self.x else "no", self.x is None, isinstance(self.x, int))
Box().run()
state: int | None = 1
def reset() -> None:
    global state
    state = None
if state is not None:
    reset()
    print(state is None)
def outer() -> None:
    v: str | None = "a"
    def kill() -> None:
        nonlocal v
        v = None
    if v is not None:
        kill()
        print("none" if v is None else "some", not v)
outer()
