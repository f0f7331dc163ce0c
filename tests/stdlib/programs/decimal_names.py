from decimal import Decimal, ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN, ROUND_UP, ROUND_CEILING, ROUND_FLOOR, getcontext, InvalidOperation, DivisionByZero
import decimal
D = Decimal
print(D("0.1") + D("0.2"), D(1) / D(3), D("1.10"), repr(D("1.10")), D("-0"), D(10) / 4, D("2.675").quantize(D("0.01"), rounding=ROUND_HALF_UP))
for r in (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN, ROUND_UP, ROUND_CEILING, ROUND_FLOOR, decimal.ROUND_HALF_DOWN, decimal.ROUND_05UP):
    print(r, [str(D(t).quantize(D("0.1"), rounding=r)) for t in ("1.25", "-1.25", "1.35", "0.04", "-0.06", "2.05", "9.99", "-1.01")])
nums = [D(t) for t in ("0", "1", "-1", "1.50", "-2.25", "1e5", "1E-7", "123456789.123456789", "99999999999999999999999999.99", "-0.000", "7E+10", "3", "12345678901234567890123456789012")]
for a in nums:
    for b in nums:
        row = []
        for op in (lambda: a + b, lambda: a - b, lambda: a * b, lambda: a / b, lambda: a // b, lambda: a % b):
            try:
                row.append(str(op()))
            except (InvalidOperation, ZeroDivisionError) as e:
                row.append(type(e).__name__ + str(e))
        print(a, b, *row, a < b, a == b, a >= b)
for a in nums:
    print(a, repr(a), -a, abs(a), +a, bool(a), float(a), a.normalize(), a.adjusted(), f"{a:.2f}|{a:,.2f}|{a:>15}|{a:+.1f}|{a:010.3f}|{a:.0%}|{a:.3}|{a}")
    if abs(a) < 10**15: print(int(a), round(a), round(a, 1), a.to_integral_value(), hash(a) == hash(int(a)) if a == int(a) else hash(a) == hash(D(str(a))))
for a in nums:
    if a >= 0: print(a.sqrt(), end=" ")
    print(a ** 2, a ** 3)
print(D("1.05") ** 30, D(2) ** 100, D(2) ** -3, D("1.1") ** 50, D(3) ** -5)
print(D(2.675), D(0.1), D(1e20), D(-0.5), D(5e-10), D(" 12_000.5 "), D("+.5"), D("5."))
print(sum([D("1.1"), D("2.2")]), sum([D("0.10")] * 3, D(0)), max(D("1"), D("2.5")), sorted([D("3"), D("1.5"), D("-2")]), D("1.0") == 1, D("0.5") == 0.5, 2 * D("1.5"), 1 - D("0.1"), 10 / D(4), 7 // D(2), 7 % D("2.5"))
getcontext().prec = 6
print(D(1) / D(7), D(2).sqrt(), D("123456789") + 0, +D("1.23456789"))
getcontext().prec = 28
with decimal.localcontext() as ctx:
    ctx.prec = 50
    print(D(1) / 7, D(2).sqrt())
print(D(1) / 7)
for bad in ("abc", "", "1.2.3", "1e"):
    try:
        print(D(bad))
    except InvalidOperation as e:
        print("bad", bad, e)
try:
    D(1) / 0
except ZeroDivisionError as e:
    print(type(e).__name__, e)
try:
    D(1) / 0
except decimal.DivisionByZero:
    print("dbz")
print(D("3.14").as_tuple(), {D("1.0"): "a"}[D("1.00")], D("1.0") in [1, 2], D("12.5").to_integral_value(rounding=ROUND_HALF_UP), D("5").max(D("7")))
price = D("19.99"); qty = 3; tax = D("0.0825")
total = (price * qty * (1 + tax)).quantize(D(".01"), ROUND_HALF_UP)
print(total, f"${total:,}", f"{total:>10}", f"{price * qty:.1f}", str(total) + "!", "%s" % total)
