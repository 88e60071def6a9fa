// What is folded away is printed open, and folded again after.
let opened = [];
let heads = [];
window.addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details:not([open])")];
  for (const details of opened) details.open = true;
  // Browsers leave buttons out where they repeat a table's head on the next page.
  heads = [...document.querySelectorAll("th > button.app-sort")];
  for (const button of heads) {
    button.before(...button.childNodes);
    button.hidden = true;
  }
});
window.addEventListener("afterprint", () => {
  for (const details of opened) details.open = false;
  for (const button of heads) {
    button.append(...[...button.parentElement.childNodes].filter((node) => node !== button));
    button.hidden = false;
  }
  opened = heads = [];
});
for (const button of document.querySelectorAll('[data-module="app-print"]')) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
