def report(a: int, b: int) -> None:
    print(a, b, a + b, a - b, a * b, a & b, a | b, a ^ b, ~a, -a, +a, abs(a))
    print(a < b, a <= b, a > b, a >= b, a == b, a != b)
    if b != 0:
        print(a // b, a % b, divmod(a, b), a / b)
    if 0 <= b < 20:
        print(a >> b, abs(a) % 1000 << b, (a % 7) ** b)


for left in [0, 1, -1, 7, -7, 10, 255, -256, 1000003, -1000003, 2147483648, -4294967297]:
    for right in [0, 1, -1, 2, -2, 3, -3, 10, 16, -255]:
        report(left, right)

big = 9223372036854775807
small = -big - 1
print(big, small, big // 3, small // 3, big % 10, small % 10, small // 2, small % -7, big // -2, big / 2, small / 3)
print(big / small, 9007199254740993 / 1, 9007199254740993 / 3, big / 7, 1 / big, 3 / small, (big - 1) / (big - 2))
print(hash(0), hash(5), hash(-1), hash(-2), hash(big), hash(small), hash(2305843009213693951))
print(bin(10), bin(-5), bin(0), oct(64), oct(-9), hex(255), hex(-4096), hex(big), hex(small), bin(small))
print((255).bit_length(), (0).bit_length(), (-8).bit_length(), small.bit_length(), (255).bit_count(), (-7).bit_count())
print(round(15), round(15, 2), round(15, -1), round(25, -1), round(-15, -1), round(-25, -1), round(1234567, -3), round(5, -3), round(-151, -2), round(big, -25), round(250, -2), round(350, -2))
print(pow(3, 4), pow(3, 4, 5), pow(2, 62), pow(-2, 63), pow(7, -1, 11), pow(123456789, 987654321, 1000000007), pow(5, 3, -7), pow(big, 3, big - 1))
print(pow(big - 5, 12345, big), pow(3, 0, 1), pow(-3, 3, 5), pow(10, 18, small + 1))
print(int("12"), int("-12"), int("+7"), int("  42\n"), int("1_000"), int("0"), int("-9223372036854775808"), int("ff", 16), int("0xff", 16), int("0xff", 0), int("0b101", 0), int("-0o17", 8), int("zz", 36), int("0", 0), int("00", 0))
for text in ["", " ", "x", "1.5", "1__0", "_1", "1_", "--1", "0x", "1 2", "0b2", "+", "é"]:
    try:
        print(int(text))
    except ValueError as error:
        print(error)
for text in ["07", "0x_f", "0x", "12", "0o8", "", "-0b11"]:
    try:
        print(int(text, 0))
    except ValueError as error:
        print(error)
try:
    print(int("5", 1))
except ValueError as error:
    print(error)
print(int(True), int(False), int(3.99), int(-3.99), int(2.0**40), int(), float(), bool(), str() == "")
print(True + 1, True + True, False * 5, -True, True & False, True | False, True ^ True, ~False, True == 1, True < 2)
print(True, False, str(True), repr(False), bool(0), bool(3), bool(0.0), bool(""), bool("x"), not True, f"{True}", f"{True:d}", f"{False:>6}")
print(1 == 1.0, 1 < 1.5, 2 > 1.5, 9007199254740993 == 9007199254740992.0, 9007199254740993 > 9007199254740992.0, 1.5 <= 2, 1.0 >= 2, big < 9.3e18, small > -9.3e18, big == float(big), 3 != 3.0)
nan = float("nan")
print(1 < nan, 1 > nan, 1 == nan, 1 != nan, nan == 1, nan != 1, 1 <= nan, nan >= 1)


def attempt(name: str, number: int) -> None:
    try:
        if name == "floordiv":
            print(1 // number)
        elif name == "mod":
            print(1 % number)
        elif name == "div":
            print(1 / number)
        elif name == "divmod":
            print(divmod(1, number))
        elif name == "shift":
            print(1 << number)
        elif name == "shiftr":
            print(1 >> number)
        elif name == "fdiv":
            print(1.0 / number)
        elif name == "ffloor":
            print(1.0 // number)
        elif name == "fdivmod":
            print(divmod(1.0, number))
    except (ZeroDivisionError, ValueError, OverflowError) as error:
        print(name, error)


for name in ["floordiv", "mod", "div", "divmod", "fdiv", "ffloor", "fdivmod"]:
    attempt(name, 0)
attempt("shift", -1)
attempt("shiftr", -1)
attempt("shiftr", 100)
total = 0
for i in range(100000):
    total = (total * 31 + i) % 1000003
print(total)
print(10**18, 2**10, (-3) ** 3, 0**0, 1**100, (-1) ** 101, 7**0)
print(5 .__add__(3), 5 .__index__())
