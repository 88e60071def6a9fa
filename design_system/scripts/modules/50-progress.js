// A panel that shows how far a worker has got: asks its address every second or so for its present
// form, and stops when that form asks for no more, or after five minutes. A connection that breaks
// is tried again; the page says nothing false meanwhile.
const longest = 5 * 60 * 1000;

async function follow(panel, since) {
  const wait = Number(panel.dataset.every ?? 1.5) * 1000;
  await new Promise((resolve) => setTimeout(resolve, wait));
  if (Date.now() - since > longest) return;
  let next = panel;
  try {
    const response = await fetch(panel.dataset.address, {
      headers: { "X-Requested-With": "fetch" },
      redirect: "error",
    });
    if (response.ok) {
      const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
      const found = parsed.querySelector(".app-progress");
      if (found && found.outerHTML !== panel.outerHTML) {
        // The live region itself stays, so that the change of its content is read out.
        panel.replaceChildren(...found.childNodes);
        panel.className = found.className;
        for (const name of ["data-module", "data-address"]) {
          if (found.hasAttribute(name)) panel.setAttribute(name, found.getAttribute(name));
          else panel.removeAttribute(name);
        }
      }
    }
  } catch {
    // Out of reach for the moment.
  }
  if (next.dataset.module === "app-progress") follow(next, since);
}

for (const panel of document.querySelectorAll('[data-module="app-progress"]')) {
  follow(panel, Date.now());
}
