"""Long."""

a0 = 0
a1 = 1
a2 = 2
a3 = 3
a4 = 4
a5 = 5
a6 = 6
a7 = 7
a8 = 8  ;b8=8
a9 = 9
a10 = 10
a11 = 11
s = 'x'
a13 = 13
a14 = 14
a15 = 15
a16 = 16
a17 = 17
a18 = 18
a19 = 19
a20 = 20
a21 = 21
a22 = 22
a23 = 23
a24 = 24
a25 = 25
a26 = 26
a27 = 27
a28 = 28
a29 = 29
a30 = 30
a31 = 31
a32 = 32
a33 = 33
a34 = 34
a35 = 35
a36 = 36
a37 = 37
t = {"a":1,
"b":2}
a39 = 39
a40 = 40
a41 = 41
a42 = 42
a43 = 43
a44 = 44
a45 = 45
a46 = 46
a47 = 47
"""aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""" ; q = ["bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"]
a49 = 49
a50 = 50
a51 = 51
a52 = 52
a53 = 53
a54 = 54
a55 = 55
a56 = 56
a57 = 57
a58 = 58
a59 = 59
def f(a,):


    return  a




f(  1)


