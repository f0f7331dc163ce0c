def parse(text: str) -> int:
    if not text:
        raise ValueError("empty")
    return int(text)


def run(n: int) -> int:
    words = ["12", "", "x", "7", "-3"]
    good = 0
    bad = 0
    for i in range(n):
        try:
            good += parse(words[i % 5])
        except ValueError:
            bad += 1
        finally:
            good += 1
    return good * 1000003 + bad


print(run(150_000))
