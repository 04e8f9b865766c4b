"""A small rules engine, a console, and the tools around them: what runs text as code, and what only looks so."""

import ast
import builtins
import importlib
import operator
from code import InteractiveConsole

import numexpr
import pandas as pd
import torch

OPERATORS = {"+": operator.add, "-": operator.sub, "eval": operator.call}


class Expression:
    """Compiled once, evaluated often. `eval(source)` is what it used to be."""  # ok: python.eval

    def __init__(self, source):
        self.source = source
        # ok: python.exec
        self.code = compile(source, "<rule>", "exec")

    # ok: python.eval
    def eval(self, context):
        # ruleid: python.eval
        return eval(self.code, {"__builtins__": {}}, context)

    # ok: python.exec
    def exec(self, namespace=None):
        exec(self.code, namespace or {})  # ruleid: python.exec

    def run(self, context):
        # ok: python.eval
        return self.eval(context)

    def start(self):
        self.exec()  # ok: python.exec
        return self.app.exec_()  # ok: python.exec


def number(text):
    # ok: python.eval
    # never eval(text) here
    return ast.literal_eval(text)  # ok: python.eval


def calculate(formula, **names):
    value = eval(formula, {}, names)  # ruleid: python.eval
    if isinstance(value, str):
        value = eval(value)  # ruleid: python.eval
    return [eval(part) for part in formula.split(";")]  # ruleid: python.eval


def frame(df: pd.DataFrame):
    df.eval("a = b + c", inplace=True)  # ok: python.eval
    x = numexpr.evaluate("2 * a + 3 * b")  # ok: python.eval
    return df.query("a > 1"), x


def train(model, loader):
    model.eval()  # ok: python.eval
    with torch.no_grad():
        for batch in loader:
            model(batch)
    model.module.eval().cuda()  # ok: python.eval
    run_eval(model)  # ok: python.eval
    return evaluate(model)  # ok: python.eval


def run_eval(model, do_eval=True, eval=None):  # ok: python.eval
    if do_eval and eval is not None:
        print(f"eval ({model})")  # ok: python.eval
    return eval_loss


eval_loss = 0.25
retrieval = {"eval(": 1}  # ok: python.eval
pattern = r"\beval\(.*\)"  # ok: python.eval
TEMPLATE = """
    result = eval(expression)
    exec(statement)
"""  # ok: python.eval, python.exec


def plugin(name, source):
    module = importlib.import_module(name)
    exec(source, module.__dict__)  # ruleid: python.exec
    exec(compile(source, name, "exec"), vars(module))  # ruleid: python.exec
    if source.startswith("!"):
        exec (source[1:])  # ruleid: python.exec
    cursor = module.cursor()
    cursor.execute("select 1")  # ok: python.exec
    module.executor.submit(print)  # ok: python.exec
    return module.exec_module(module)  # ok: python.exec


def answer(question):
    message = f"{eval(question)} is the answer"  # ruleid: python.eval
    other = f"eval({question}) is the question"  # ok: python.eval
    return message + other + f"{question!r:>{len('eval(x)')}}"  # ok: python.eval


def indirect(text):
    builtins.eval(text)  # ruleid: python.eval
    builtins.exec(text)  # ruleid: python.exec
    __builtins__.eval(text)  # ruleid: python.eval
    run = eval  # ruleid: python.eval
    return run(text)


def spread_out(text):
    # ruleid: python.eval
    return eval(
        text,
        {},
    )


def lambdas():
    return lambda text: eval(text)  # ruleid: python.eval


handlers = {"eval": lambda x: eval(x), "exec": None}  # ruleid: python.eval
console = InteractiveConsole(locals={"exec": None})  # ok: python.exec


class Query:
    def filter(self, **conditions):
        return all(eval(f"{left}{right}") for left, right in conditions.items())  # ruleid: python.eval

    def literal(self, value):
        return value.strip("eval()")  # ok: python.eval


async def remote(channel):
    await channel.eval("return 1", 0)  # ok: python.eval
    await channel.exec(["ls"])  # ok: python.exec
    return await redis.eval("return redis.call('get', KEYS[1])", 1, "key")  # ok: python.eval


if __name__ == "__main__":
    print(eval(input("> ")))  # ruleid: python.eval
    exec(open("setup.cfg").read())  # ruleid: python.exec
