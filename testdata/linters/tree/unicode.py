def f(x):
    é = 1; return y
class A:
  pass
öö = ä ; y = 1
z = "a b";import os
