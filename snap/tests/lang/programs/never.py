def fails(p):
    raise KeyError(p)


def in_if() -> str:
    while True:
        try:
            if fails("if"):
                break
        except KeyError as error:
            return str(error)
    return "not here"


def in_while() -> str:
    try:
        while fails("while"):
            pass
    except KeyError as error:
        return str(error)
    return "not here"


def in_conditional() -> str:
    try:
        return "a" if fails("conditional") else "b"
    except KeyError as error:
        return str(error)


def in_and() -> str:
    try:
        return str(True and fails("and"))
    except KeyError as error:
        return str(error)


def in_not() -> str:
    try:
        return str(not fails("not"))
    except KeyError as error:
        return str(error)


print(in_if(), in_while(), in_conditional(), in_and(), in_not())
