// GOV.UK Frontend's own components.
govuk.initAll();

// ARIA knows no "expanded" radio, though GOV.UK Frontend sets it on one that reveals a field; screen
// readers read it differently or not at all.
const dropExpanded = new MutationObserver((changes) => {
  for (const { target } of changes) target.removeAttribute("aria-expanded");
});
for (const radio of document.querySelectorAll('input[type="radio"][aria-controls]')) {
  radio.removeAttribute("aria-expanded");
  dropExpanded.observe(radio, { attributeFilter: ["aria-expanded"] });
}
