TEXT = """It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness,
it was the epoch of belief, it was the epoch of incredulity, it was the season of Light, it was the season of Darkness,
it was the spring of hope, it was the winter of despair, we had everything before us, we had nothing before us."""


def count(text: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for word in text.split():
        word = word.strip(".,").lower()
        counts[word] = counts.get(word, 0) + 1
    return counts


total = 0
lines: list[str] = []
for i in range(1500):
    counts = count(TEXT)
    best = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[0]
    total += len(counts) + best[1]
    lines.append(f"{i}: {best[0]}={best[1]}")
print(total, len("\n".join(lines)), lines[-1])
