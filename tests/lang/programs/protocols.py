from typing import Protocol


class Speaker(Protocol):
    def speak(self) -> str: ...


class Dog:
    def speak(self) -> str:
        return "woof"


class Cat:
    def speak(self) -> str:
        return "meow"


def talk(speaker: Speaker) -> None:
    print(speaker.speak())


talk(Dog())
for animal in [Dog(), Cat()]:
    talk(animal)
speakers: list[Speaker] = [Dog(), Cat()]
print([item.speak() for item in speakers])
# %% fields_that_a_protocol_asks_for
from dataclasses import dataclass
from typing import Protocol, runtime_checkable
@runtime_checkable
class Boxed(Protocol):
    size: float
    name: str
@dataclass
class B:
    size: int
    name: str = "b"
class C:
    name = "c"
class D:
    def __init__(self, size: float) -> None:
        self.size = size
        self.name = f"d{size}"
def area(x: Boxed) -> float:
    return x.size * 2
print(area(B(4)), isinstance(B(1), Boxed), isinstance(C(), Boxed), area(D(2.5)))
xs: list[Boxed] = [B(1), B(2), D(0.5)]
print(max(xs, key=lambda x: x.size).size, [x.name for x in xs], sorted(x.name for x in xs))
