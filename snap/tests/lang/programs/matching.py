def kind(y: int) -> str:
    match y:
        case 0:
            return "zero"
        case 1 | 2:
            return "small"
        case n if n < 0:
            return f"negative {n}"
        case _:
            return "other"


print([kind(i) for i in (-1, 0, 1, 2, 3)])
