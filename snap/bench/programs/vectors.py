from dataclasses import dataclass


@dataclass
class Vector:
    x: float
    y: float

    def __add__(self, other: "Vector") -> "Vector":
        return Vector(self.x + other.x, self.y + other.y)

    def __mul__(self, factor: float) -> "Vector":
        return Vector(self.x * factor, self.y * factor)


def fall(steps: int) -> Vector:
    place, speed, gravity = Vector(0.0, 100.0), Vector(3.0, 0.0), Vector(0.0, -9.81)
    for _ in range(steps):
        speed = speed + gravity * 0.001
        place = place + speed * 0.001
        if place.y < 0.0:
            place, speed = Vector(place.x, -place.y), Vector(speed.x, -speed.y * 0.9)
    return place


end = fall(60_000)
print(f"{end.x:.6f} {end.y:.6f}")
