class Random:
    def __init__(self, seed: int) -> None:
        self.state = seed

    def next(self) -> int:
        self.state = (self.state * 1103515245 + 12345) % 2147483648
        return self.state


def quicksort(items: list[int], low: int, high: int) -> None:
    while low < high:
        pivot = items[(low + high) // 2]
        i = low
        j = high
        while i <= j:
            while items[i] < pivot:
                i += 1
            while items[j] > pivot:
                j -= 1
            if i <= j:
                items[i], items[j] = items[j], items[i]
                i += 1
                j -= 1
        quicksort(items, low, j)
        low = i


generator = Random(42)
numbers = [generator.next() for _ in range(60_000)]
mine = numbers[:]
quicksort(mine, 0, len(mine) - 1)
print(mine == sorted(numbers), mine[0], mine[-1])
pairs = sorted([(x % 100, x) for x in numbers])
print(pairs[0], pairs[-1], sorted(numbers, key=lambda x: -x)[0])
