// As Day 1, length or team is chosen, the checks and the timetable follow. Without this script the
// button 'Check these dates' does the same.
const form = document.querySelector('[data-planner="choice"]');
const result = document.querySelector('[data-planner="result"]');
const timetable = document.querySelector('[data-planner="timetable"]');
const status = document.querySelector('[data-planner="status"]');
let asked = 0;
let timer;

function complete() {
  return ["day", "month", "year"].every((part) =>
    form.elements[`first_day-${part}`].value.trim()) &&
    /^\d{4}$/.test(form.elements["first_day-year"].value.trim());
}

function typedBesideChecks() {
  return new Map([...result.querySelectorAll("textarea")].map((area) => [area.name, area.value]));
}

// What the pickers say beside each name changes with the dates; what is chosen stays.
function relabel(fresh) {
  for (const select of form.querySelectorAll("select")) {
    const other = fresh.querySelector(`select[name="${select.name}"]`);
    if (!other) continue;
    for (const option of select.options) {
      const same = [...other.options].find((one) => one.value === option.value);
      if (same) option.textContent = same.textContent;
    }
  }
}

async function refresh() {
  if (!complete()) return;
  const mine = ++asked;
  const query = new URLSearchParams(new FormData(form));
  const address = `${window.location.pathname}?${query}`;
  status.textContent = "Checking these dates";
  try {
    const response = await fetch(address, { headers: { Accept: "text/html" } });
    if (!response.ok || response.redirected || mine !== asked) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    const found = fresh.querySelector('[data-planner="result"]');
    if (!found || mine !== asked || !found.children.length) return;
    const typed = typedBesideChecks();
    const active = result.contains(document.activeElement) ? document.activeElement : null;
    const at = active?.selectionStart;
    result.replaceChildren(...found.children);
    timetable.replaceChildren(...fresh.querySelector('[data-planner="timetable"]').children);
    for (const area of result.querySelectorAll("textarea")) {
      if (typed.has(area.name)) area.value = typed.get(area.name);
    }
    // Whoever was typing a reason goes on typing it.
    const same = active?.name && result.querySelector(`[name="${active.name}"]`);
    if (same) {
      same.focus();
      if (at !== undefined && at !== null) same.setSelectionRange(at, at);
    }
    relabel(fresh);
    window.history.replaceState(null, "", address);
    status.textContent = result.querySelector(".govuk-body")?.textContent ?? "";
  } catch {
    status.textContent = ""; // no connection: the button still works
  }
}

if (form && result) {
  const later = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(refresh, 400);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
}
