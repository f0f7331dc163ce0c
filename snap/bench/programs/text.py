LINE = "Alpha=1; beta=22;gamma = 333 ; Delta=4444; epsilon=55555 # a remark that is thrown away"


def parse(line: str) -> dict[str, int]:
    values: dict[str, int] = {}
    for part in line.split("#")[0].split(";"):
        name, _, number = part.partition("=")
        values[name.strip().lower()] = int(number)
    return values


total = 0
out: list[str] = []
for i in range(8000):
    values = parse(LINE.replace("22", str(i)))
    total += values["beta"] + values["epsilon"]
    out.append(",".join(f"{name}:{value}" for name, value in values.items()))
print(total, len("\n".join(out)), out[-1].upper())
