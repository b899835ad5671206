// The server has rendered the page, and does so again when something has changed. This
// puts what is new into its place, counts the seconds, and asks before it does something
// to a task. What the server sends is put in as the server has escaped it.
"use strict";

const $ = (id) => document.getElementById(id);
const main = $("main");

// What is said to everybody for a while, those too who cannot see the page. It has a line
// of its own, and covers nothing.
let unsay;
function say(text, link) {
  const line = $("announce");
  line.textContent = "";
  if (link) {
    const a = document.createElement("a");
    a.href = link;
    a.textContent = text;
    line.append(a);
  } else {
    line.textContent = text;
  }
  clearTimeout(unsay);
  unsay = setTimeout(() => (line.textContent = ""), 15000);
}

// Failures are told together, every ten seconds at most.
let told = 0, failed = Number(document.body.dataset.failed), latest, telling;
function tell(news) {
  if (!news || news.total <= failed) return;
  latest = news;
  if (telling) return;
  telling = setTimeout(() => {
    telling = undefined;
    const more = latest.total - failed;
    failed = latest.total;
    told = Date.now();
    say(more === 1 ? `${latest.name} has failed.` : `${more} tasks have failed, the last one was ${latest.name}.`, latest.link);
  }, Math.max(0, told + 10000 - Date.now()));
}

// How long ago a moment was, as the server says it.
function whole(s) {
  s = Math.floor(s);
  if (s < 100) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 48 * 3600) return `${Math.floor(s / 3600)} h ${Math.floor((s / 60) % 60)} min`;
  return `${Math.floor(s / 86400)} days`;
}
function ago(s) {
  if (s <= -1) return `in ${whole(-s)}`;
  return s < 1 ? "now" : `${whole(s)} ago`;
}
let skew = 0; // of this clock to the server's
function count() {
  for (const t of document.querySelectorAll("time[data-ago], time[data-for]")) {
    const s = (Date.now() + skew - Date.parse(t.dateTime)) / 1000;
    const text = "for" in t.dataset ? whole(Math.max(s, 0)) : ago(s);
    if (t.textContent !== text) t.textContent = text;
  }
}

// morph makes an element like another one and changes only what differs, so that
// selections, focus and screen readers stay where they are. Rows are told apart by their
// keys. What somebody types is left alone.
function morph(from, to) {
  for (const a of [...from.attributes]) if (!to.hasAttribute(a.name) && !(from.tagName === "DETAILS" && a.name === "open")) from.removeAttribute(a.name);
  for (const a of to.attributes) if (from.getAttribute(a.name) !== a.value && !(from.tagName === "DETAILS" && a.name === "open")) from.setAttribute(a.name, a.value);
  const keyed = new Map();
  for (const n of from.children) if (n.dataset?.key) keyed.set(n.dataset.key, n);
  let at = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    let have = wanted.dataset?.key ? keyed.get(wanted.dataset.key) : alike(at, wanted) ? at : undefined;
    if (!have) {
      from.insertBefore(document.importNode(wanted, true), at);
      continue;
    }
    if (have !== at) from.insertBefore(have, at);
    else at = at.nextSibling;
    if (have.nodeType === Node.ELEMENT_NODE) {
      if (!(have.tagName === "TIME" && have.dateTime === wanted.dateTime)) morph(have, wanted);
    } else if (have.nodeValue !== wanted.nodeValue) {
      have.nodeValue = wanted.nodeValue;
    }
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

function alike(a, b) {
  return a && a.nodeType === b.nodeType && a.nodeName === b.nodeName && !a.dataset?.key && a.id === b.id;
}

function show(html) {
  if (main.contains(document.activeElement) && document.activeElement.closest(".filter")) return; // somebody types
  const focused = main.contains(document.activeElement) ? document.activeElement : undefined;
  const page = new DOMParser().parseFromString(`<main>${html}</main>`, "text/html").querySelector("main");
  page.id = "main";
  page.tabIndex = -1;
  morph(main, page);
  if (focused && !focused.isConnected) main.focus({ preventScroll: true }); // or a keyboard would begin anew at the top
}

// The stream. A page that nobody sees has none.
let source, again, paused = false;

function state(name, text) {
  if ($("state").dataset.state === name) return;
  $("state").dataset.state = name;
  $("said").textContent = text;
}

function open() {
  if (source || document.hidden || !document.body.dataset.events) return;
  clearTimeout(again);
  source = new EventSource("events?" + document.body.dataset.events);
  source.onmessage = (e) => {
    const data = JSON.parse(e.data);
    if (paused) return;
    state("live", "live");
    if (data.main) show(data.main);
    count();
    tell(data.news);
  };
  source.onerror = () => {
    state("lost", "connection lost, trying again");
    if (source.readyState === EventSource.CLOSED) { // the browser does not try again
      close();
      again = setTimeout(open, 5000);
    }
  };
}

function close() {
  source?.close();
  source = undefined;
}

// reload takes the present page at once, after something was done.
async function reload() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  show(page.getElementById("main").innerHTML);
  count();
}

document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
addEventListener("pagehide", close);
addEventListener("pageshow", open);
if (document.body.dataset.events) setInterval(count, 1000);

if (document.body.dataset.events) {
  $("pause").hidden = false;
  $("pause").addEventListener("click", () => {
    paused = !paused;
    $("pause").setAttribute("aria-pressed", paused);
    if (paused) state("paused", "paused");
    else state("wait", "going on");
  });
}

// ask resolves to whether the user wants it.
function ask(question, yes) {
  const dialog = $("ask");
  $("question").textContent = question;
  dialog.querySelector(".do").textContent = yes;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true });
  });
}

document.addEventListener("submit", async (e) => {
  const form = e.target;
  if (!form.matches(".act")) return;
  e.preventDefault();
  const body = new URLSearchParams(new FormData(form)); // of this task, whatever the row shows then
  const button = form.querySelector("button");
  if (button.ariaDisabled === "true") return;
  if (!(await ask(form.dataset.ask, form.dataset.yes))) return;
  button.ariaDisabled = "true"; // disabled, it would lose the focus
  try {
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { Accept: "text/plain", "Bggen-Dashboard": "1" } });
    say((await answer.text()).trim());
    await reload();
  } catch {
    say("The server does not answer.");
  }
  button.ariaDisabled = "false";
});
