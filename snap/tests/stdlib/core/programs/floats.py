values = [0.0, -0.0, 1.0, -1.5, 0.1, 1e16, 1e15, 123456789012345680.0, 1e22, 1e23, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 1e-5, 0.0001, 3.141592653589793, 2.5, 1 / 3, 100.0, 12345.678, 1e100, 9007199254740993.0, 5.684341886080802e-14, 4.35, 0.3, 2.0**-44]
for x in values:
    print(x, -x, abs(x), bool(x), x == x, hash(x) == hash(x), x.is_integer())
for x in values:
    print(float(repr(x)) == x, f"{x:.3f}" if abs(x) < 1e30 else "", f"{x:e}", f"{x:g}", f"{x:.17g}", f"{x:.0e}", f"{x:10.2e}")
pairs = [(7.5, 2.0), (-7.5, 2.0), (7.5, -2.0), (-7.5, -2.0), (0.0, 3.0), (-0.0, 3.0), (1e308, 3.7), (5.0, 0.1), (1.0, 1e308), (6.0, 3.0), (-6.0, 3.0), (0.1, 0.3)]
for a, b in pairs:
    print(a + b, a - b, a * b, a / b, a // b, a % b, divmod(a, b), a < b, a <= b, a > b, a >= b, a == b, a != b)
inf = float("inf")
nan = float("nan")
print(inf, -inf, nan, inf - inf, inf == inf, nan == nan, nan != nan, nan < 1.0, inf > 1e308, 5.0 % inf, -5.0 % inf, 5.0 // inf, -5.0 // inf, abs(-inf), inf.is_integer(), nan.is_integer())
for text in ["1", "1.5", " -2.5e3 ", "1_000.5", "inf", "-Infinity", "nan", ".5", "5.", "1e400", "-1e400", "1e-400", "0.1e1", "123456789012345678901234567890", "1.7976931348623159e308", "4.9e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "9007199254740993", "1E5", "+3.25", "0.000000000000000000000000000000000001"]:
    print(text, float(text))
for text in ["", ".", "e5", "1e", "1_", "1__0", "in", "0x1p3", "1.2.3", "--1", "1 2", "_1", "1e+"]:
    try:
        print(float(text))
    except ValueError as error:
        print(error)
for x in [0.5, 1.5, 2.5, -0.5, -1.5, 2.4999, 1e15 + 0.5, 2.675, 1.005, 1234.5678, -1234.5678, 5e-324, 1e300]:
    print(round(x), round(x, 0), round(x, 1), round(x, 2), round(x, -2), round(x, 15), round(x, 400), round(x, -400)) if abs(x) < 1e18 else print(round(x, -290), round(x, 2))
for x in [2.0, 9.0, 2.5, 0.5, 10.0, -8.0]:
    for y in [0.0, 1.0, 2.0, 3.0, -1.0, -2.0]:
        print(x**y, end=" ")
    print(x**10)
print(2**0.5, 9**0.5, 2.0**0.5, 1.0**nan, nan**0.0, inf**2.0, inf**-1.0, 0.0**0.0, 0.0**5.0, (-0.0) ** 3.0, (-inf) ** 3.0, (-2.0) ** -3.0, 0.5**inf, 2.0**inf, 2.0**-inf)
for bad in [(0.0, -1.0), (10.0, 400.0)]:
    try:
        print(bad[0] ** bad[1])
    except ZeroDivisionError as error:
        print(error)
    except OverflowError as error:
        print("overflow")
for x in [nan, inf, -inf, 1e300]:
    try:
        print(int(x) if abs(x) != 1e300 else "wide")
    except (ValueError, OverflowError) as error:
        print(error)
print(sum([1.5, 2.0]), min(2.5, 1.0), max(1.0, 3.0), sum([0.5, 0.25], 1.0))
print(1e3, 1e-7, 123e2, 0.1 + 0.2, 1.1 * 1.1, 3.0 * 2, 2 * 3.5, 7 / 2, -7 / 2, 1e308 * 10)
print(float(3), float(-7), float(True), float("3"), 3 .__float__(), hash(1.0), hash(2.0**40), hash(-1.0))
