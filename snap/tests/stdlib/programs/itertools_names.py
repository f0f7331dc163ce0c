import itertools
from itertools import (
    accumulate, batched, chain, combinations, combinations_with_replacement, compress, count, cycle, dropwhile,
    filterfalse, groupby, islice, pairwise, permutations, product, repeat, starmap, takewhile, tee, zip_longest,
)


def small(n: int) -> bool:
    return n < 3


for i in count():
    if i > 3:
        break
    print(i)
print(list(zip(count(5, 2), "abc", repeat(0))), count(2), count(2, 3), repeat(3, 2), repeat("x"), repeat(1, -5))
print(next(count(1.5)), list(islice(count(0.5, 0.25), 3)))
print(list(chain([1, 2], [3])), list(chain([1, 2], (4, 5))), list(chain("ab", range(2), [1.5])))
print(list(chain([1], [2], [3], [4])), list(chain.from_iterable([[1, 2], [3]])), list(chain.from_iterable(["ab", "c"])))
print([x for x, _ in zip(cycle("abc"), range(7))], list(cycle([])) == [])
print(list(accumulate([1, 2, 3, 4])), list(accumulate([1, 2, 3], initial=100)), list(accumulate(["a", "b"])))
print(list(accumulate([1, 2, 3, 4], lambda a, b: a * b)), list(accumulate([5, 1, 9, 2], max)))
print(list(accumulate([1, 2, 3], lambda text, n: text + str(n), initial="")))
print(list(batched("abcdefg", 3)), list(pairwise([1, 2, 3, 4])), list(pairwise([1])))
print(list(compress("abcdef", [1, 0, 1, 0, 1, 1])), list(takewhile(small, [1, 2, 3, 1])), list(dropwhile(small, [1, 2, 3, 1])))
print(list(filterfalse(small, range(6))), list(filterfalse(None, [0, 1, 0, 2])), list(filterfalse(lambda s: s == "a", "abca")))
print(list(starmap(pow, [(2, 5), (3, 2)])), list(starmap(lambda a, b: a + b, [("x", "y")])))
print(list(starmap(lambda a, b: a * b, zip([1, 2], [3, 4]))))
print(list(islice("abcdefg", 2)), list(islice("abcdefg", 2, 4)), list(islice("abcdefg", 2, None)), list(islice("abcdefg", 0, None, 2)))
it = iter(range(10))
print(list(islice(it, 3)), next(it), list(islice(it, 1, 4, 2)), next(it))
print(list(zip_longest([1, 2, 3], "ab")), list(zip_longest([1], "abc", fillvalue="-")), list(zip_longest([1], [2, 3], fillvalue=0)))
print(list(product([1, 2], "ab")), list(product([0, 1], repeat=2)), list(product("ab", [1], [2.5, 3.5])))
print(list(product("ab")), list(product([1, 2], [], repeat=2)), len(list(product(range(3), repeat=3))), list(product([1], repeat=0)))
print(list(combinations("abcd", 2)), list(combinations([1, 2], 3)), list(combinations([1, 2], 0)))
print(list(combinations_with_replacement("abc", 2)))
print(list(permutations([1, 2, 3])), list(permutations("abc", 2)), len(list(permutations(range(5)))))
for a, b in combinations([1, 2, 3], 2):
    print(a + b)
for key, group in groupby("aabbbca"):
    print(key, list(group))
words = ["apple", "avocado", "bean", "beet", "corn"]
print([(key, list(group)) for key, group in groupby(words, key=lambda word: word[0])])
print([(key, len(list(group))) for key, group in groupby([1, 1, 2])])
print({key: list(group) for key, group in groupby(sorted([5, 2, 8, 1]), lambda n: n % 2 == 0)})
late = list(groupby([1, 1, 2, 3, 3]))
print([key for key, _ in late], [list(group) for _, group in late])
left, right = tee([1, 2, 3])
print(next(left), next(left), list(right), list(left))
print(sum(itertools.chain([1, 2], [3])), max(itertools.accumulate([1, -2, 5])))
for bad in (-1,):
    try:
        print(list(islice([1], bad)))
    except ValueError as error:
        print(error)
try:
    list(combinations([1], -1))
except ValueError as error:
    print(error)
try:
    list(islice([1], 0, 1, 0))
except ValueError as error:
    print(error)
try:
    list(batched([1], 0))
except ValueError as error:
    print(error)
