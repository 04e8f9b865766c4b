import os
class A:
    def f(self) -> int:
        ...
