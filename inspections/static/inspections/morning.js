// Notification morning on three phones. What is typed outlives a lost connection or a reload (in
// this tab only), with the key that makes a second send harmless; what others record shows up.
const forms = [...document.querySelectorAll('[data-morning="form"]')];
const board = document.querySelector('[data-morning="board"]');
const news = document.querySelector('[data-morning="news"]');
const SECRET = "csrfmiddlewaretoken";
const EVERY = 15000;

function store(name, value) {
  try {
    if (value === null) window.sessionStorage.removeItem(name);
    else window.sessionStorage.setItem(name, value);
  } catch {
    // private browsing: the page works all the same
  }
}

function kept(name) {
  try {
    return JSON.parse(window.sessionStorage.getItem(name) ?? "null");
  } catch {
    return null;
  }
}

function restore(form) {
  const pairs = kept(`morning-${form.dataset.keep}`);
  if (!pairs || form.querySelector(".govuk-error-message")) return;
  const values = new Map();
  for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || field.name === SECRET || !values.has(field.name)) {
      if (field.type === "checkbox" || field.type === "radio") field.checked = false;
      continue;
    }
    const given = values.get(field.name);
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = given.includes(field.value);
    } else {
      field.value = given[0];
    }
    if (field.checked) field.dispatchEvent(new Event("click", { bubbles: true }));
  }
}

for (const form of forms) {
  restore(form);
  form.addEventListener("input", () => {
    const pairs = [...new FormData(form)].filter(([name]) => name !== SECRET);
    store(`morning-${form.dataset.keep}`, JSON.stringify(pairs));
  });
}

// What was typed for a call that has no form any more is needed no longer: it is recorded.
try {
  const open = new Set(forms.map((form) => `morning-${form.dataset.keep}`));
  for (const name of Object.keys(window.sessionStorage)) {
    if (name.startsWith("morning-") && !open.has(name)) store(name, null);
  }
} catch {
  // nothing was kept
}

// The hour of a call is mostly now.
for (const field of document.querySelectorAll('[data-morning="form"] [name="at"]')) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "app-link-button";
  button.textContent = "Now";
  button.setAttribute("aria-label", "Now, as the time");
  button.addEventListener("click", () => {
    const now = new Intl.DateTimeFormat("en-GB", {
      hour: "2-digit", minute: "2-digit", timeZone: "Europe/London",
    }).format(new Date());
    field.value = now;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
  field.after(" ", button);
}

async function look() {
  if (document.hidden) return;
  try {
    const address = document.querySelector("[data-morning-address]").dataset.morningAddress;
    const response = await fetch(address);
    if (!response.ok || response.redirected) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    const other = fresh.querySelector('[data-morning="board"]');
    if (!other || other.innerHTML === board.innerHTML) return;
    board.replaceChildren(...other.children);
    for (const link of board.querySelectorAll('a[href^="#"]')) {
      // A call that somebody else made possible: its form comes with a fresh page.
      if (!document.getElementById(link.hash.slice(1))) link.href = window.location.pathname + link.hash;
    }
    news.textContent = "Somebody recorded a call. The list above is up to date.";
  } catch {
    // no connection now: the next look may have one
  }
}

if (board) window.setInterval(look, EVERY);
