import time

start = time.time()
first = time.perf_counter()
second = time.perf_counter()
print(second > first, start > 1.6e9, time.time() - start < 60, time.monotonic() > 0)
print(time.time_ns() > time.time_ns() - 1, type(time.perf_counter_ns()).__name__, time.process_time() >= 0)
