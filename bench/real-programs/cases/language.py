# CPython: integers, floats, text, containers, generators, exceptions, regular expressions, hashes, compression.
import collections
import decimal
import hashlib
import itertools
import json
import re
import zlib


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def squares():
    for i in itertools.count():
        if (yield i * i):
            return


def deeper(n):
    return deeper(n + 1)


class Any:
    def __getattr__(self, name):
        return name


print(fib(18), 2 ** 200, 1e300 * 1e10, decimal.Decimal(1) / decimal.Decimal(7))
print(json.dumps({"a": [1, 2, {"b": None}], "é": 1.5}, indent=1))
print(hashlib.sha256(b"x" * 1000).hexdigest(), zlib.crc32(zlib.compress(b"abc" * 1000)))
print(re.sub(r"(\w+) (\w+)", r"\2 \1", "hello world"), sorted(collections.Counter("mississippi").items()))
numbers = squares()
print([next(numbers) for _ in range(5)], Any().name)
try:
    1 // 0
except ZeroDivisionError as e:
    print("caught", e)
try:
    deeper(0)
except RecursionError as e:
    print("caught", e)
with open("w/out.txt", "w") as f:
    f.write("".join(f"{i} {i * i}\n" for i in range(100)))
print(sum(int(line.split()[1]) for line in open("w/out.txt")))
