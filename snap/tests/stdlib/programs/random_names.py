import random

r = random.Random(42)
print(r.random(), r.randint(1, 6), r.randrange(10), r.randrange(5, 50, 7), r.randrange(10, 0, -3), r.uniform(1, 5), r.getrandbits(40))
print(r.choice([1, 2, 3]), r.choice("abc"), r.choice((1.5, 2.5)), r.choice(range(100)))
print(r.choices([1, 2, 3], k=5), r.choices("ab", [1, 3], k=4), r.choices(["x", "y"], weights=[0.5, 0.1], k=3), r.choices(range(5)))
print(r.sample(range(100), 5), r.sample([1, 2, 3], 3), r.sample("abcdef", 2), r.sample(range(1000), 10))
print(r.gauss(0, 1), r.gauss(10, 2), r.gauss(), r.normalvariate(0, 1), r.expovariate(1.5), r.triangular(), r.triangular(0, 10, 2.0))
items = list(range(10))
r.shuffle(items)
print(items)
r.seed(7)
print(r.random(), r.gauss())
random.seed(1)
print(random.random(), random.randint(0, 9), random.sample([1, 2, 3, 4], 2), random.choice("xyz"), random.choices([1, 2], k=3), random.randrange(3))
print(random.gauss(0, 1), random.uniform(0, 1), random.triangular(1, 2))
for kind in range(5):
    try:
        if kind == 0:
            r.choice([1][1:])
        elif kind == 1:
            r.sample([1], 2)
        elif kind == 2:
            r.randint(3, 1)
        elif kind == 3:
            r.randrange(0)
        else:
            r.choices([1], [0])
    except (IndexError, ValueError) as error:
        print(error)
