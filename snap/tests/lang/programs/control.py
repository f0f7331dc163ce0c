for i in range(10):
    if i == 2:
        continue
    if i == 5:
        break
    print(i, end=",")
else:
    print("never")
print()
for i in range(3):
    pass
else:
    print("else", i)
n = 0
while True:
    n += 1
    if n > 3:
        break
print(n)
while n > 0:
    n -= 1
else:
    print("while else", n)
for i in range(10, 0, -3):
    print(i, end=" ")
print()
for i in range(2):
    for j in range(3):
        if j == 1:
            break
        print(i, j)
x = 5
print("big" if x > 3 else "small", x > 3 and "yes" or "no", not x, x and 0, 0 or "z", None or [])
a = b = 3
a += 1
b *= a
print(a, b, a == b, a is not None)
y = 1
y -= 5
y //= 2
y **= 2
y %= 3
y <<= 4
y |= 1
y ^= 3
print(y)
z: int
if y > 0:
    z = 1
else:
    z = 2
print(z)
v = "text"
print(v)
v = 42
print(v + 1)
del v
numbers = iter([1, 2, 3])
print(next(numbers), next(numbers), next(numbers, 0), next(numbers, -1))
print(len(range(0, 10, 3)), list(range(5, 0, -2)), 3 in range(5), range(3))
print(*[1, 2, 3], sep="-", end="!\n")
print("a", 1, 2.5, None, True, [1], {"k": (1, 2)}, sep="|")
print()
