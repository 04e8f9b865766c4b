x = 1 #import os
y=2
z = 3
