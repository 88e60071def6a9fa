// A box that does not need to scroll is no stop for the Tab key.
for (const box of document.querySelectorAll('[data-module="app-scroll"]')) {
  const settle = () => {
    if (box.scrollWidth > box.clientWidth + 1) box.setAttribute("tabindex", "0");
    else box.removeAttribute("tabindex");
  };
  settle();
  new ResizeObserver(settle).observe(box);
}
