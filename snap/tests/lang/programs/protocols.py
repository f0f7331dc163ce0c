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
