/* Work sheets: ticks are remembered on this device, and counted. Finding what fits, as the address says. */
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

  /** What we lack must not be needed; everything else is just so. */
  const fits = (offer, name, wanted) => {
    const found = offer.dataset[name].split(" ");
    return wanted === "lacking" ? !found.includes("needs") : found.includes(wanted);
  };

  function findFitting(form) {
    const page = form.closest(".cl-practice");
    const offers = [...page.querySelectorAll(".cl-offer")];
    const said = form.querySelector("[role=status]");
    const chosen = () => [...new FormData(form)].filter(([, wanted]) => wanted);
    const show = () => {
      for (const offer of offers) offer.hidden = !chosen().every(([name, wanted]) => fits(offer, name, wanted));
      for (const group of page.querySelectorAll("[data-cl-group]"))
        group.hidden = !group.querySelector(".cl-offer:not([hidden])");
      const number = offers.filter((offer) => !offer.hidden).length;
      const words = number ? said.dataset.word : said.dataset.none;
      said.textContent = words.replace("{number}", number).replace("{all}", offers.length);
    };
    const wanted = new URLSearchParams(location.search);
    for (const select of form.querySelectorAll("select")) {
      select.value = wanted.get(select.name) ?? "";
      if (select.selectedIndex < 0) select.value = ""; // an address that somebody made up
    }
    const keep = () => {
      const query = String(new URLSearchParams(chosen()));
      history.replaceState(history.state, "", query ? `?${query}` : location.pathname);
      show();
    };
    form.addEventListener("change", keep);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(keep));
    show();
  }

  function arrive() {
    const fresh = (name) => {
      const found = [...document.querySelectorAll(`[${name}]:not([data-cl-ready])`)];
      for (const root of found) root.dataset.clReady = "";
      return found;
    };
    fresh("data-cl-fit").forEach(findFitting);
    for (const tools of fresh("data-cl-kit-tools")) {
      tools.querySelector("[data-cl-print]").addEventListener("click", () => window.print());
      const sheet = tools.closest("[data-cl-kit]");
      if (sheet) workSheet(sheet);
    }
  }

  // Material's instant navigation replaces the page without loading it.
  if (window.document$ && window.document$.subscribe) window.document$.subscribe(arrive);
  else arrive();
})();
