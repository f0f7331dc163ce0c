class Base:
    def get(self, k: int) -> int | None:
        return None
    def name(self) -> object:
        return "x"
    def go(self) -> None:
        print("base")
class D(Base):
    def get(self, k: int) -> int:
        return k + 1
    def go(self) -> None:
        print("d")
class E(Base):
    def get(self, k: int) -> None:
        return None
for b in [Base(), D(), E()]:
    print(b.get(3))
    b.go()
