import math

print([math.sin(x) for x in [0.0, 0.5, 1, 3.0, -2.5, 100, 1e5, 123456.789, 1e22, -1e300, math.pi, 2 * math.pi, math.pi / 2]])
print([math.cos(x) for x in [0.0, 0.5, 1, 3.0, -2.5, 100, 1e5, 123456.789, 1e22, -1e300, math.pi, 2 * math.pi, math.pi / 2]])
print([math.tan(x) for x in [0.0, 0.5, 1, 3.0, -2.5, 100, 1e5, 123456.789, 1e22, math.pi / 4, math.pi / 2]])
print([math.asin(x) for x in [0.0, -0.0, 0.5, -1, 1, 1e-9, 0.999999]], [math.acos(x) for x in [0.0, 0.5, -1, 1, 1e-9, -0.999999]])
print([math.atan(x) for x in [0.0, -0.0, 0.5, -1, 1, 1e-9, 1e20, math.inf, -math.inf, 12.5]])
for y in [0.0, -0.0, 1.0, -2.5, 1e-200, 1e200, math.inf, -math.inf]:
    print([math.atan2(y, x) for x in [0.0, -0.0, 1.0, -3.0, 1e-200, -1e200, math.inf, -math.inf]])
print(math.sin(math.inf - math.inf), math.atan2(math.nan, 1.0))
print(math.sinh(1), math.cosh(1), math.tanh(1), math.sinh(-0.25), math.cosh(30), math.tanh(-50), math.sinh(700), math.cosh(0))
print(math.asinh(1), math.acosh(2), round(math.atanh(0.5), 14), math.asinh(-1e10), math.acosh(1), math.atanh(-0.1))
print(math.expm1(1e-10), round(math.expm1(1), 14), math.log1p(1e-10), math.log1p(1), math.exp2(10), math.exp2(-0.5))
print(math.log(8, 2), math.log(100, 10), math.log(10), math.log2(8), math.log10(1000), math.exp(1), math.sqrt(2))
print(math.degrees(math.pi), math.radians(180), math.degrees(1), math.radians(1))
print(math.hypot(3, 4), math.hypot(1, 1), math.hypot(1e200, 1e200), math.hypot(), math.hypot(1, 2, 3), math.hypot(math.inf, math.nan))
print(math.dist([1, 2], [4, 6]), math.dist((0.5,), (2.5,)))
print(math.floor(2.7), math.floor(-2.7), math.ceil(2.1), math.trunc(-2.9), math.floor(9007199254740993), math.ceil(5))
print(math.fmod(7.5, 2), math.fmod(-7.5, 2), math.fmod(1e20, 3), math.fmod(5, math.inf), math.remainder(7, 2), math.remainder(5, 2), math.remainder(-3.5, 2))
print(math.modf(3.25), math.modf(-3.25), math.modf(math.inf), math.frexp(8.5), math.frexp(0.0), math.frexp(-1e-310), math.ldexp(0.75, 4), math.ldexp(1.5, -1080), math.ldexp(1.0, 1023))
print(math.prod([1, 2, 3, 4]), math.prod([1.5, 2.0]), math.prod([2, 3], start=10), math.prod(range(1, 11)))
print(math.fsum([0.1] * 10), sum([0.1] * 10), math.fsum([1e100, 1.0, -1e100]), math.fsum([]), math.fsum([1, 2, 0.5]), math.fsum([1e-16, 1.0, 1e16]))
print(math.gcd(12, 18), math.gcd(), math.gcd(-4), math.gcd(12, 18, 27), math.lcm(4, 6), math.lcm(), math.lcm(2, 3, 5), math.lcm(0, 5))
print(math.comb(10, 3), math.comb(5, 9), math.perm(5, 2), math.perm(5), math.factorial(10), math.isqrt(99), math.isqrt(10**18))
print(math.isclose(0.1 + 0.2, 0.3), math.isclose(1, 1.1), math.isnan(math.nan), math.isinf(-math.inf), math.isfinite(1.0))
print(math.copysign(3, -0.0), math.fabs(-2), math.ulp(1.0), math.ulp(1e300), math.nextafter(1.0, 2.0), math.nextafter(0.0, -1.0), math.nextafter(1.0, 0.0))
print(math.sumprod([1, 2, 3], [4, 5, 6]), math.sumprod([0.1] * 3, [0.3] * 3), math.pi, math.e, math.tau, math.inf, math.nan)
print(math.pow(2, 0.5), math.pow(-8, 3), math.pow(0, 0), 2**0.5, math.sqrt(16))


def attempt(name: str) -> None:
    try:
        if name == "sin":
            math.sin(math.inf)
        elif name == "acos":
            math.acos(2)
        elif name == "sqrt":
            math.sqrt(-1)
        elif name == "log":
            math.log(0)
        elif name == "acosh":
            math.acosh(0.5)
        elif name == "atanh":
            math.atanh(1)
        elif name == "cosh":
            math.cosh(1000)
        elif name == "fmod":
            math.fmod(1, 0)
        elif name == "exp":
            math.exp(1000)
        elif name == "floor":
            math.floor(math.inf)
        elif name == "ldexp":
            math.ldexp(1.0, 5000)
        elif name == "dist":
            math.dist([1], [1, 2])
        elif name == "factorial":
            math.factorial(-1)
        elif name == "base":
            math.log(5, 1)
    except (ValueError, OverflowError, ZeroDivisionError) as error:
        print(name, type(error).__name__, error)


for name in ["sin", "acos", "sqrt", "log", "acosh", "atanh", "cosh", "fmod", "exp", "floor", "ldexp", "dist", "factorial", "base"]:
    attempt(name)
