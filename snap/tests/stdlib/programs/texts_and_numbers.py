import copy
import statistics
import sys
import textwrap

sample = "The quick brown fox jumped over the lazy dog. It was a well-known state-of-the-art   fox, supercalifragilisticexpialidocious!"
for width in [8, 10, 20, 40, 70]:
    print(textwrap.wrap(sample, width))
print(textwrap.fill("hello there world", 8), textwrap.wrap(""), textwrap.wrap("a\n\nb\tc"))
print(textwrap.fill(sample, 30, initial_indent="* ", subsequent_indent="  "))
print(textwrap.shorten("Hello  world!", width=12), textwrap.shorten("Hello  world!", width=11), textwrap.shorten("Hello world", width=10, placeholder="..."))
print(repr(textwrap.dedent("    a\n      b\n\n    c\n")), repr(textwrap.dedent("\tx\n  y")), repr(textwrap.indent("a\n\nb\n", "> ")))

print(statistics.mean([1, 2, 3, 4]), statistics.mean([1, 2, 3]), statistics.mean([1.5, 2.5, 0.1]), statistics.fmean([1, 2, 4]))
print(statistics.median([3, 1, 2]), statistics.median([4, 1, 2, 3]), statistics.median([1.5, 0.5]), statistics.median_low([1, 2, 3, 4]), statistics.median_high([1, 2, 3, 4]))
print(statistics.mode("abcb"), statistics.multimode([1, 1, 2, 2, 3]), statistics.stdev([1, 2, 3, 4]), statistics.pstdev([1.5, 2.5, 4.0]))
print(statistics.variance([1, 2, 3, 4]), statistics.pvariance([1, 2, 3, 4]), statistics.variance([2.75, 1.75, 1.25]), statistics.pvariance([0.0, 0.5]), statistics.variance([1, 3, 5]))
print(statistics.stdev([0.1, 0.2, 0.7, 0.35]), statistics.stdev([10, 20, 37]), statistics.pstdev([2, 4, 4, 4, 5, 5, 7, 9]))
for kind in range(3):
    try:
        if kind == 0:
            statistics.mean([1][1:])
        elif kind == 1:
            statistics.stdev([1])
        else:
            statistics.median([1.0][1:])
    except statistics.StatisticsError as error:
        print(error)

grid = [[1, 2], [3]]
shallow = copy.copy(grid)
deep = copy.deepcopy(grid)
grid[0].append(9)
print(shallow, deep, copy.deepcopy({"a": [1]}), copy.deepcopy((1, [2])), copy.copy({1, 2}))
print(sys.maxsize, sys.byteorder, len(sys.argv))
sys.stdout.write("written\n")
sys.setrecursionlimit(5000)
try:
    sys.exit(3)
except SystemExit as error:
    print("exit", error)
print("bye")
sys.exit(0)
