# %% random_distributions
import random
random.seed(7)
for i in range(12):
    print(random.betavariate(1, 2), random.betavariate(0.5, 0.7), random.gammavariate(2, 3), random.gammavariate(0.4, 1), random.gammavariate(1, 2), random.lognormvariate(0, 1), random.paretovariate(2), random.weibullvariate(1, 2))
print(random.randbytes(4), random.randbytes(7), random.randbytes(0), random.randbytes(1), random.random(), random.triangular(1, 5, 2), random.triangular(), random.triangular(0, 10))
r = random.Random(3)
print(r.betavariate(2, 2), r.randbytes(3), r.triangular(1, 2, 1.5))
