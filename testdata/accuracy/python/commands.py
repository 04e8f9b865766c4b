"""How other programs are started: by a shell, and without one."""

import asyncio
import os
import platform
import shlex
import subprocess
from os import path
from subprocess import PIPE, Popen, check_output, run


def build(target, jobs):
    os.system("make -j%d %s" % (jobs, target))  # ruleid: python.os-system
    os.system(f"make {target}")  # ruleid: python.os-system
    if platform.system() == "Windows":  # ok: python.os-system
        os.system("cls")  # ruleid: python.os-system
    subprocess.run(["make", f"-j{jobs}", target], check=True)  # ok: python.os-system, python.subprocess-shell
    return os.popen("git describe").read().strip()  # ruleid: python.os-system


def listing(folder):
    output = subprocess.check_output(f"ls -l {folder}", shell=True)  # ruleid: python.subprocess-shell
    output += subprocess.check_output("ls -l " + folder, shell=True, text=True)  # ruleid: python.subprocess-shell
    output += check_output("ls %s" % folder, shell=True)  # ruleid: python.subprocess-shell
    output += check_output(["ls", "-l", folder])  # ok: python.subprocess-shell
    # ok: python.subprocess-shell
    output += subprocess.check_output("ls -l | wc -l", shell=True)
    return output


def pipeline(name, command):
    process = Popen(command, shell=True, stdout=PIPE)  # ruleid: python.subprocess-shell
    other = Popen(shlex.split(command), shell=False, stdout=PIPE)  # ok: python.subprocess-shell
    # ruleid: python.subprocess-shell
    run(
        "cat {} | sort".format(name),
        shell=True,
        check=True,
    )
    # ok: python.subprocess-shell
    # subprocess.run(command, shell=True)
    return process, other


def call(host):
    subprocess.call(f"ping -c 1 {host}", shell=True)  # ruleid: python.subprocess-shell
    subprocess.call(["ping", "-c", "1", host], shell=False)  # ok: python.subprocess-shell
    text = "subprocess.call(host, shell=True)"  # ok: python.subprocess-shell
    return text


class Host:
    def system(self):  # ok: python.os-system
        return self.kind

    def popen(self, command):  # ok: python.os-system
        return self.connection.exec_command(command)


def report(host: Host):
    host.system()  # ok: python.os-system
    self_test = host.popen("uptime")  # ok: python.os-system
    os.systematic = None  # ok: python.os-system
    return self_test, os.path.exists("system")  # ok: python.os-system


def quiet(monkeypatch):
    monkeypatch.setattr(os, "system", lambda command: 0)  # ok: python.os-system
    monkeypatch.setattr("os.popen", None)  # ok: python.os-system


async def parallel(names):
    for name in names:
        await asyncio.create_subprocess_exec("gzip", name)  # ok: python.os-system, python.subprocess-shell
        await asyncio.create_subprocess_shell(f"gzip {name}")  # ruleid: python.subprocess-shell


def dynamic(command):
    __import__("os").system(command)  # ruleid: python.os-system
    getattr(os, "system")(command)  # ruleid: python.os-system
    start = os.popen  # ruleid: python.os-system
    for line in start(command):
        print(line)


HELP = """
Runs os.system("make") in each folder, as `os.popen` would.
"""  # ok: python.os-system
