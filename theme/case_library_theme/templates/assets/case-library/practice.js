/* Work sheets: ticks are remembered on this device, and counted. */
(() => {
  "use strict";

  const read = (key) => {
    try {
      return new Set(JSON.parse(localStorage.getItem(key) || "[]"));
    } catch {
      return new Set();
    }
  };
  const keep = (key, marks) => {
    try {
      if (marks.size) localStorage.setItem(key, JSON.stringify([...marks]));
      else localStorage.removeItem(key);
    } catch {
      // Where nothing can be kept, the boxes still work.
    }
  };

  function workSheet(sheet) {
    const key = `case-library:${sheet.dataset.clKit}`;
    const boxes = [...sheet.querySelectorAll("input[data-mark]")];
    const done = sheet.querySelector("[data-cl-kit-done]");
    const marks = read(key);
    const show = () => {
      for (const box of boxes) box.checked = marks.has(box.dataset.mark);
      const ticked = boxes.filter((box) => box.checked).length;
      done.textContent = done.dataset.clKitDone.replace("{done}", ticked).replace("{all}", boxes.length);
    };
    sheet.addEventListener("change", ({ target }) => {
      if (!target.dataset.mark) return;
      if (target.checked) marks.add(target.dataset.mark);
      else marks.delete(target.dataset.mark);
      keep(key, marks);
      show();
    });
    sheet.querySelector("[data-cl-kit-clear]").addEventListener("click", () => {
      marks.clear();
      keep(key, marks);
      show();
    });
    show();
  }

  function arrive() {
    for (const tools of document.querySelectorAll("[data-cl-kit-tools]")) {
      if (!tools.hidden) continue;
      tools.hidden = false;
      tools.querySelector("[data-cl-print]").addEventListener("click", () => window.print());
      const sheet = tools.closest("[data-cl-kit]");
      if (sheet) workSheet(sheet);
    }
  }

  // Material's instant navigation replaces the page without loading it.
  if (window.document$ && window.document$.subscribe) window.document$.subscribe(arrive);
  else arrive();
})();
