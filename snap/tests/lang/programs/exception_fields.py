class Refused(Exception):
    """Its fields have the names that one expects."""

    def __init__(self, message: str, count: int) -> None:
        super().__init__(f"refused: {message}")
        self.message = message
        self.count = count
        self.trace = ["here"]
        self.first = "one"


class Several(Exception):
    def __init__(self, message: str) -> None:
        super().__init__(message, 3)
        self.shown = message.upper()


try:
    raise Refused("too many", 4)
except Refused as error:
    print(error, repr(error), error.args, error.message, error.count, error.trace, error.first)  # refused: too many Refused('refused: too many') ('refused: too many',) too many 4 ['here'] one

print(Several("x"), repr(Several("x")), Several("x").shown)  # ('x', 3) Several('x', 3) X
