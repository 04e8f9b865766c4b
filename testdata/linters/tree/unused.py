import os
import sys

print( "ok" )
