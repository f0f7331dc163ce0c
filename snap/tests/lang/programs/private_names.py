# %% private_names_and_small_gaps
from __future__ import print_function, division
import math

class Account:
    __count = 0
    def __init__(self, owner, balance):
        self.owner = owner
        self.__balance = balance
        self.__log("made")
        Account.__count += 1
    def __log(self, text):
        print("log:", text)
    def deposit(self, n):
        self.__balance += n
        self.__log(f"deposit {n} -> {self.__balance}")
        return self.__balance
    @property
    def balance(self):
        return self.__balance
    @classmethod
    def count(cls):
        return cls.__count

class Sub(Account):
    def __init__(self, owner):
        super().__init__(owner, 0)
        self.__balance = "mine"
    def both(self):
        return self.__balance, self.balance

a = Account("ann", 10)
a.deposit(5)
print(a._Account__balance, a.balance, Account.count())
try:
    print(a.__balance)
except AttributeError as e:
    print("AttributeError:", e)
s = Sub("sue")
print(s.both(), Account.count())
try:
    range(4).start = 0
except AttributeError as e:
    print("AttributeError")
print(math.copysign(1.0, math.nan), math.copysign(1.0, float("nan")))
print(id(1) == id(1), id(None) == id(None), id(a) == id(a), id(a) == id(s))
f = lambda: None
print(id(f) == id(f))
