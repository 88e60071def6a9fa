// Tables sort in the browser by a button in the column's head. Without a script the head is plain.
const collator = new Intl.Collator("en-GB", { numeric: true, sensitivity: "base" });

function valueOf(row, column) {
  const cell = row.cells[column];
  return cell ? (cell.dataset.sortValue ?? cell.textContent.trim()) : "";
}

function compare(first, second) {
  const [one, two] = [Number(first.replace(/,/g, "")), Number(second.replace(/,/g, ""))];
  if (first !== "" && second !== "" && !Number.isNaN(one) && !Number.isNaN(two)) return one - two;
  return collator.compare(first, second);
}

for (const table of document.querySelectorAll('table[data-module="app-sortable"]')) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const status = document.createElement("p");
  status.className = "govuk-visually-hidden";
  status.setAttribute("role", "status");
  (table.closest(".app-scroll") ?? table).after(status);

  heads.forEach((head, column) => {
    if (!("sort" in head.dataset)) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "app-sort";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const ascending = head.getAttribute("aria-sort") !== "ascending";
      const rows = [...body.rows].map((row) => [valueOf(row, column), row]);
      // Cells that say nothing stay at the end, whichever way.
      rows.sort(([one], [two]) => {
        if (one === "" || two === "") return (one === "") - (two === "");
        return ascending ? compare(one, two) : compare(two, one);
      });
      body.append(...rows.map(([, row]) => row));
      heads.forEach((other) => {
        if (other.hasAttribute("aria-sort")) other.setAttribute("aria-sort", "none");
      });
      head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
      status.textContent = `Sorted by ${button.textContent.trim()}, ${ascending ? "ascending" : "descending"}.`;
    });
  });
}
