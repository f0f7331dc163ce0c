def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def mean(values):
    total = 0
    for value in values:
        total += value
    return total / len(values)


class Counter:
    def __init__(self):
        self.counts = {}

    def add(self, key):
        self.counts[key] = self.counts.get(key, 0) + 1


counter = Counter()
for i in range(1, 15_000):
    counter.add(collatz(i) % 50)
print(sorted(counter.counts.items())[:3], mean([float(i) for i in range(100_000)]))
