def f(x):
    é = 1; return y
class A:
  pass
öö = ä ; import os
z = "a b";import os
