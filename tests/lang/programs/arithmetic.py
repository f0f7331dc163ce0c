for a in (7, -7, 0, 1, 123456789):
    for b in (2, -2, 3, -3, 10):
        print(a + b, a - b, a * b, a // b, a % b, a / b, divmod(a, b))
print(2**10, (-3) ** 3, 7 & 3, 7 | 8, 7 ^ 2, ~5, 1 << 20, -17 >> 2)
print(9223372036854775807, -9223372036854775807 - 1)
print(1.5 + 2, 3 * 0.1, 10 / 4, 7 // 2.0, -7.5 % 2, 2**0.5, 1e300 * 1e10, -1e300 * 1e10)
print(0.1 + 0.2, 1e16, 1e15, 123456.789, 1e-5, 0.0001, -0.0, 5e-324, 1.7976931348623157e308)
print(round(2.5), round(3.5), round(-2.5), round(2.675, 2), round(1234, -2), abs(-3), abs(-2.5))
print(int(3.99), int(-3.99), int("42"), int(" -17 "), int("ff", 16), float("3.25"), float("1e3"), float("inf"))
print(True + True, True * 3, sum([True, False, True]))
print(min(3, 1, 2), max(3, 1, 2), min([4, 2, 8]), max([4.5, 2.5]))
print(1 < 2 < 3, 1 < 3 < 2, 1 == 1.0, 3 != 4, 5 >= 5, 2 <= 1)
try:
    print(1 // 0)
except ZeroDivisionError as error:
    print("caught", error)
try:
    print(1.0 / 0)
except ZeroDivisionError as error:
    print("caught", error)
try:
    print(5 % 0)
except ZeroDivisionError as error:
    print("caught", error)
try:
    int("x" * 300)
except ValueError as error:
    print(len(str(error)), error)
