/* On the page of a case: the previous and the next of what the reader selected on the library page. */
(() => {
  "use strict";

  const { el, textOf, href, place, selection, pages } = window.CaseLibrary;

  async function turn(nav, index) {
    const id = nav.dataset.clTurn;
    const { asked, total, at, address } = selection.read();
    const from = Math.max(at[id] - 1, 0);
    const { hits } = await index.search({ ...asked, from, size: 3, counts: [] });
    const here = hits.findIndex((hit) => hit.id === id);
    if (here < 0) return; // the library has changed since
    const of = nav.querySelector(".cl-turn__of");
    const words = nav.dataset.wordSelection;
    const number = (value) => value.toLocaleString(index.language);
    of.textContent = words.replace("{number}", number(from + here + 1)).replace("{of}", number(total));
    of.href = new URL(address, place().library).href;
    for (const [rel, hit] of [
      ["prev", hits[here - 1]],
      ["next", hits[here + 1]],
    ]) {
      const link = nav.querySelector(`[rel=${rel}]`) || nav.appendChild(el("a", { rel }, el("span", {}), " ", el("b", {})));
      link.hidden = !hit;
      if (!hit) continue;
      link.href = href(hit.address);
      link.querySelector("b").textContent = textOf(hit.title);
      at[hit.id] = from + here + (rel === "prev" ? -1 : 1);
    }
    selection.write({ asked, total, at, address });
  }

  pages.set("turn", turn);
})();
