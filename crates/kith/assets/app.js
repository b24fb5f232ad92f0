// Comfort for those who run scripts. Every page works without this file.
"use strict";

const closest = (event, selector) => event.target.closest?.(selector);

// Copy buttons: <button data-copy="text">. The label changes for a moment, and is announced.
document.addEventListener("click", async (event) => {
  const button = closest(event, "[data-copy]");
  if (!button) return;
  const label = button.querySelector("[data-copy-label]") ?? button;
  const before = label.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    label.textContent = button.dataset.copied;
    setTimeout(() => (label.textContent = before), 1600);
  } catch {
    // No permission, or not a secure context: the text beside the button can be selected.
  }
});

// Menus are <details>: a click elsewhere closes them, as in any other menu.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// "/" goes to the search box, Esc closes what is open and gives the focus back.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const open = document.querySelector("details.menu[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  } else if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey) {
    if (closest(event, "input, textarea, select, [contenteditable]")) return;
    const search = document.querySelector("[data-search]");
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  }
});

// Passwords can be looked at. The button is made here, because without script it could do nothing.
for (const box of document.querySelectorAll("[data-reveal]")) {
  const input = box.querySelector("input");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "reveal-button";
  button.setAttribute("aria-controls", input.id);
  const show = (visible) => {
    input.type = visible ? "text" : "password";
    button.textContent = visible ? box.dataset.hide : box.dataset.reveal;
    button.setAttribute("aria-pressed", String(visible));
  };
  button.addEventListener("click", () => show(input.type === "password"));
  input.form?.addEventListener("submit", () => show(false));
  show(false);
  box.append(button);
}

// Instants in the reader's own zone; the exact one stays in the title.
const localize = (root) => {
  const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  for (const time of root.querySelectorAll("time[data-local]")) {
    time.textContent = format.format(new Date(time.dateTime));
    time.removeAttribute("data-local");
  }
};
localize(document);

// Live regions: the server sends the region's HTML, and "done" when there is no more to come.
for (const region of document.querySelectorAll("[data-events]")) {
  const source = new EventSource(region.dataset.events);
  source.addEventListener("progress", (event) => {
    region.innerHTML = event.data;
    localize(region);
  });
  source.addEventListener("done", () => {
    source.close();
    location.reload();
  });
}

// Chosen files are named, for inputs that are drawn as a drop zone.
for (const input of document.querySelectorAll("[data-files]")) {
  const names = document.getElementById(input.dataset.files);
  input.addEventListener("change", () => {
    names.textContent = Array.from(input.files, (file) => file.name).join(", ");
  });
}
