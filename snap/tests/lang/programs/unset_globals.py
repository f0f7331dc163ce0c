def f():
    return X
def g() -> int:
    return Y
print("x")
Z = 3
try:
    print(g())
except NameError as e:
    print("NameError", e)
X = 5
Y: int = 6
print(f(), g(), Z)
class Base:
    def m(self, x: int) -> str:
        return "b" + str(x)
class D(Base):
    def m(self, x: int) -> str:
        return "d" + super().m(x)
def call(b: Base) -> str:
    return b.m(1)
print(call(Base()), call(D()))
