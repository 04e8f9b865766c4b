// A small server and the page that it serves.
const { exec, execFile, spawn } = require("child_process");
const child = require("node:child_process");
const https = require("https");
const vm = require("vm");

function calculate(formula) {
  const value = eval(formula); // ruleid: javascript.eval
  const f = new Function("x", "return " + formula); // ruleid: javascript.eval
  setTimeout("tick(" + formula + ")", 100); // ruleid: javascript.eval
  window.eval(formula); // ruleid: javascript.eval
  (0, eval)(formula); // ruleid: javascript.eval
  setTimeout(() => tick(formula), 100); // ok: javascript.eval
  model.eval(); // ok: javascript.eval
  const text = "eval(formula)"; // ok: javascript.eval
  const re = /eval\(/; // ok: javascript.eval
  // ok: javascript.eval
  // eval(formula)
  evaluate(formula); // ok: javascript.eval
  const g = function Function_(x) {}; // ok: javascript.eval
  return JSON.parse(formula); // ok: javascript.eval
}

function show(node, name) {
  node.innerHTML = name; // ruleid: javascript.inner-html
  node.innerHTML = `<b>${name}</b>`; // ruleid: javascript.inner-html
  node.outerHTML = "<b>" + name + "</b>"; // ruleid: javascript.inner-html
  node.innerHTML += name; // ruleid: javascript.inner-html
  document.write(name); // ruleid: javascript.inner-html
  node.insertAdjacentHTML("beforeend", name); // ruleid: javascript.inner-html
  node.innerHTML = ""; // ok: javascript.inner-html
  node.innerHTML = "<b>fixed</b>"; // ok: javascript.inner-html
  node.textContent = name; // ok: javascript.inner-html
  if (node.innerHTML === name) return; // ok: javascript.inner-html
  const html = node.innerHTML; // ok: javascript.inner-html
  fs.writeFile("a", "x.innerHTML = y", done); // ok: javascript.inner-html
}

function start(name, callback) {
  exec(`ls ${name}`, callback); // ruleid: javascript.child-process-shell
  exec("ls " + name, callback); // ruleid: javascript.child-process-shell
  child.execSync(`git log ${name}`); // ruleid: javascript.child-process-shell
  spawn(`ls ${name}`, { shell: true }); // ruleid: javascript.child-process-shell
  exec("ls -l", callback); // ok: javascript.child-process-shell
  execFile("ls", [name], callback); // ok: javascript.child-process-shell
  spawn("ls", ["-l", name]); // ok: javascript.child-process-shell
  /a(b)/.exec(name); // ok: javascript.child-process-shell
  const match = pattern.exec(`${name}`); // ok: javascript.child-process-shell
  return match;
}

function fetchAll(url) {
  https.get(url, { rejectUnauthorized: false }); // ruleid: javascript.tls-off
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0"; // ruleid: javascript.tls-off
  const agent = new https.Agent({ rejectUnauthorized: false }); // ruleid: javascript.tls-off
  https.get(url, { rejectUnauthorized: true }); // ok: javascript.tls-off
  delete process.env.NODE_TLS_REJECT_UNAUTHORIZED; // ok: javascript.tls-off
  return agent;
}
