class Shape:
    def area(self):
        raise NotImplementedError("no")
    def speak(self):
        return None
class Sq(Shape):
    def __init__(self, s):
        self.s = s
    def area(self):
        return self.s * self.s
    def speak(self):
        return "sq"
class Ci(Shape):
    def area(self):
        return 7
shapes: list[Shape] = [Sq(2), Ci()]
for s in shapes:
    print(s.area(), s.speak())
try:
    Shape().area()
except NotImplementedError as e:
    print(e)
