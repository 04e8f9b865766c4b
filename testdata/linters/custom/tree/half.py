import subprocess


def half(number: int) -> str:
    return number // 2


subprocess.call("ls " + half(4), shell=True)
eval(input())  # nosec
