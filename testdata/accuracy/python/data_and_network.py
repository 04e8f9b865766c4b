"""What comes from outside: serialised objects, archives, certificates, queries."""

import hashlib
import hmac
import pickle
import ssl
import tarfile
import tempfile
import zipfile
from hashlib import md5 as quick_hash
from hashlib import sha1

import requests
import yaml
from yaml import SafeLoader, load


def restore(path, blob):
    with open(path, "rb") as file:
        state = pickle.load(file)  # ruleid: python.pickle
    more = pickle.loads(blob)  # ruleid: python.pickle
    pickle.dump(state, open(path, "wb"))  # ok: python.pickle
    # ok: python.pickle
    # pickle.loads(blob) would run code
    return state, more, json.loads(blob)  # ok: python.pickle


def settings(text):
    a = yaml.load(text)  # ruleid: python.yaml-load
    b = yaml.load(text, Loader=yaml.Loader)  # ruleid: python.yaml-load
    c = yaml.load(text, Loader=yaml.SafeLoader)  # ok: python.yaml-load
    d = load(text, SafeLoader)  # ok: python.yaml-load
    e = yaml.safe_load(text)  # ok: python.yaml-load
    f = yaml.load(text, Loader=yaml.CSafeLoader)  # ok: python.yaml-load
    g = yaml.unsafe_load(text)  # ruleid: python.yaml-load
    return a, b, c, d, e, f, g


def fetch(url, session):
    requests.get(url, verify=False)  # ruleid: python.tls-verify-off
    requests.get(url, verify=True)  # ok: python.tls-verify-off
    requests.get(url, verify="/etc/ssl/cert.pem")  # ok: python.tls-verify-off
    session.verify = False  # ruleid: python.tls-verify-off
    context = ssl._create_unverified_context()  # ruleid: python.tls-verify-off
    safe = ssl.create_default_context()  # ok: python.tls-verify-off
    safe.check_hostname = False  # ruleid: python.tls-verify-off
    return verify(url, verify=False), context  # ok: python.tls-verify-off


def fingerprints(data, key):
    a = hashlib.md5(data).hexdigest()  # ruleid: python.weak-hash
    b = hashlib.sha1(data)  # ruleid: python.weak-hash
    c = quick_hash(data)  # ruleid: python.weak-hash
    d = sha1(data, usedforsecurity=False)  # ok: python.weak-hash
    e = hashlib.md5(data, usedforsecurity=False)  # ok: python.weak-hash
    f = hashlib.sha256(data)  # ok: python.weak-hash
    g = hashlib.new("md5", data)  # ruleid: python.weak-hash
    h = hmac.new(key, data, hashlib.sha256)  # ok: python.weak-hash
    md5 = row["md5"]  # ok: python.weak-hash
    return a, b, c, d, e, f, g, h, md5


def scratch():
    name = tempfile.mktemp()  # ruleid: python.mktemp
    other = tempfile.mktemp(suffix=".txt")  # ruleid: python.mktemp
    handle, path = tempfile.mkstemp()  # ok: python.mktemp
    folder = tempfile.mkdtemp()  # ok: python.mktemp
    return name, other, handle, path, folder


def unpack(path, target):
    with tarfile.open(path) as archive:
        archive.extractall(target)  # ruleid: python.archive-extract
    with tarfile.open(path) as archive:
        archive.extractall(target, filter="data")  # ok: python.archive-extract
    with zipfile.ZipFile(path) as archive:
        archive.extractall(target)  # ok: python.archive-extract


def users(cursor, name, table):
    cursor.execute("SELECT * FROM users WHERE name = '%s'" % name)  # ruleid: python.sql-format
    cursor.execute(f"SELECT * FROM users WHERE name = '{name}'")  # ruleid: python.sql-format
    cursor.execute("SELECT * FROM users WHERE name = '" + name + "'")  # ruleid: python.sql-format
    cursor.execute("DELETE FROM {} WHERE id = 1".format(name))  # ruleid: python.sql-format
    cursor.execute("SELECT * FROM users WHERE name = %s", (name,))  # ok: python.sql-format
    cursor.execute("SELECT * FROM users WHERE name = ?", [name])  # ok: python.sql-format
    cursor.execute("SELECT 1")  # ok: python.sql-format
    log.info("SELECT %s" % name)  # ok: python.sql-format
    return cursor.fetchall()


def serve(app):
    breakpoint()  # ruleid: python.debugger
    import pdb; pdb.set_trace()  # ruleid: python.debugger
    app.run(debug=True)  # ruleid: python.flask-debug
    app.run(debug=False)  # ok: python.flask-debug
    app.run(host="0.0.0.0")  # ok: python.flask-debug
    print("breakpoint()")  # ok: python.debugger
