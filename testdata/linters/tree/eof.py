import os

x = (
