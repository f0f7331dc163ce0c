import bisect
import heapq
import operator
import string
from functools import reduce

heap = [9, 4, 7, 1, 8, 2, 6, 3, 5]
heapq.heapify(heap)
print(heap)
heapq.heappush(heap, 0)
print(heap, heapq.heappop(heap), heapq.heapreplace(heap, 10), heapq.heappushpop(heap, 3), heap)
print([heapq.heappop(heap) for _ in range(len(heap))])
tasks: list[tuple[int, str]] = []
for item in [(3, "c"), (1, "z"), (1, "a"), (2, "q")]:
    heapq.heappush(tasks, item)
print(tasks, heapq.heappop(tasks))
print(heapq.nlargest(2, [3, 1, 5, 2]), heapq.nsmallest(2, [3, 1, 5, 2]), heapq.nlargest(2, ["aaa", "b", "cc"], key=len))
print(list(heapq.merge([1, 4, 7], [2, 4, 8], [0])), list(heapq.merge(["b", "aa"], ["ccc"], key=lambda s: -len(s), reverse=True)))
try:
    heapq.heappop(tasks[:0])
except IndexError as error:
    print(error)

marks = [1, 3, 3, 5, 7]
print(bisect.bisect(marks, 3), bisect.bisect_left(marks, 3), bisect.bisect_right(marks, 8), bisect.bisect(marks, 0), bisect.bisect_left(marks, 5, 1, 3))
bisect.insort(marks, 4)
bisect.insort_left(marks, 3)
print(marks, "FDCBA"[bisect.bisect([60, 70, 80, 90], 85)])
pairs = [(1, "x"), (5, "y")]
bisect.insort(pairs, (3, "w"), key=lambda pair: pair[0])
print(pairs, bisect.bisect_left(pairs, 3, key=lambda pair: pair[0]))

print(string.ascii_lowercase, string.ascii_letters, string.digits, string.punctuation, repr(string.printable), repr(string.whitespace))
print(string.capwords("hello  big WORLD"), string.capwords("a-b-c", "-"), string.hexdigits, string.octdigits, string.ascii_uppercase)

print(operator.add(2, 3), operator.mul("ab", 2), operator.truediv(7, 2), operator.floordiv(7, 2), operator.mod(7, 4), operator.pow(2, 5))
print(operator.lt(1, 2), operator.eq("a", "a"), operator.neg(4), operator.not_(0), operator.contains([1, 2], 2), operator.getitem({"a": 5}, "a"))
print(reduce(operator.mul, [1, 2, 3, 4]), list(map(operator.add, [1, 2], [10, 20])), reduce(operator.xor, [5, 9, 5]))
print(operator.and_(6, 3), operator.or_(6, 3), operator.inv(5), operator.truth([]), operator.indexOf([4, 5, 6], 6), operator.countOf("banana", "a"))
