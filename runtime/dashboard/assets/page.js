// The server has rendered the page. This keeps it up to date with the events of
// the server, puts texts where the server's templates say (data-f and others),
// and asks before it does something to a task. All texts are set as text.
"use strict";

const $ = (id) => document.getElementById(id);
const main = document.querySelector("main");

// say tells everybody for a while, those too who cannot see the page.
let unsay;
function say(text) {
  $("announce").textContent = text;
  clearTimeout(unsay);
  unsay = setTimeout(() => ($("announce").textContent = ""), 8000);
}

// put sets only what has changed: selections and screen readers stay where they are.
function put(el, text) {
  if (el.textContent !== text) el.textContent = text;
}

function attr(el, name, value) {
  if (el.getAttribute(name) !== value) el.setAttribute(name, value);
}

function fill(el, data, drawn) {
  for (const e of el.querySelectorAll("[data-f]")) put(e, data[e.dataset.f] ?? "");
  for (const e of el.querySelectorAll("[data-d]")) attr(e, "d", (drawn ?? data)[e.dataset.d]);
  for (const e of el.querySelectorAll("[data-href]")) {
    if (data[e.dataset.href]) attr(e, "href", data[e.dataset.href]);
    else e.removeAttribute("href");
  }
  for (const e of el.querySelectorAll("[data-value]")) e.value = data[e.dataset.value];
  for (const e of el.querySelectorAll("[data-show]")) e.hidden = !data[e.dataset.show];
}

// texts fills what stands beside a table.
function texts(section, data) {
  for (const e of section.querySelectorAll("[data-text]")) put(e, data[e.dataset.text]);
}

// table makes the rows of a section those of the data. A row keeps its element,
// and so its focus, as long as its task is there.
function table(section, rows) {
  const body = section.querySelector("tbody");
  const known = new Map();
  const wanted = new Set(rows.map((row) => row.key));
  const focused = body.contains(document.activeElement);
  for (const tr of [...body.children]) {
    if (wanted.has(tr.dataset.key)) known.set(tr.dataset.key, tr);
    else tr.remove();
  }
  rows.forEach((data, i) => {
    let tr = known.get(data.key);
    if (!tr) {
      tr = section.querySelector("template").content.firstElementChild.cloneNode(true);
      tr.dataset.key = data.key;
    }
    fill(tr, data, data.chart);
    if (body.children[i] !== tr) body.insertBefore(tr, body.children[i] ?? null);
  });
  if (focused) refocus(section);
}

// refocus moves the focus to the title of a section where what had it has gone:
// otherwise a keyboard begins anew at the top of the page.
function refocus(section) {
  const active = document.activeElement;
  if (!active || active === document.body || active.closest("[hidden]")) section?.querySelector("h2").focus();
}

function show(view) {
  for (const t of view.tiles) put(document.querySelector(`[data-tile="${t.key}"]`), t.value);
  fill($("total"), view.total);
  texts($("names"), view);
  table($("names"), view.names);
  for (const s of view.sections) {
    if (!$(s.key)) return location.reload(); // the program was started again, with another engine
    texts($(s.key), s);
    table($(s.key), s.rows);
  }
  const more = view.failures - Number(main.dataset.failures);
  if (more > 0) say(more === 1 ? "A task has failed." : `${more} tasks have failed.`);
  main.dataset.failures = view.failures;
}

// The stream. A page that nobody sees has none: the server then does not count.
let source, again, paused = false;

function state(name, text) {
  if (!$("state") || $("state").dataset.state === name) return; // a failure has none
  $("state").dataset.state = name;
  $("said").textContent = text;
}

function open() {
  if (source || document.hidden) return;
  clearTimeout(again);
  source = new EventSource("events");
  source.onmessage = (e) => {
    if (paused) return;
    state("live", "live");
    if ($("total")) show(JSON.parse(e.data));
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

document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
addEventListener("pagehide", close);
addEventListener("pageshow", open);

if ($("pause")) {
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
  const section = form.closest("section");
  if (button.ariaDisabled === "true") return;
  const text = button.textContent.trim().replace(/\s+/g, " ");
  if (!(await ask(`${text}?`, text.split(" ")[0] === "Retry" ? "Run it again" : "Cancel the task"))) return refocus(section);
  button.ariaDisabled = "true"; // disabled, it would lose the focus
  try {
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { Accept: "text/plain" } });
    say(await answer.text());
  } catch {
    say("The server does not answer.");
  }
  button.ariaDisabled = "false";
  refocus(section);
});
