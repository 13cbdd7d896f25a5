/* A casebook: the selection that the address names, bound from the pages of its cases. */
(() => {
  "use strict";

  const { el, href, script, speaker, place, picked, pages } = window.CaseLibrary;
  const MOST = 100;
  const AT_ONCE = 4;
  const PATIENCE = 15000;
  const NOT_IN_A_BOOK = "nav, button, script, details, .cl-turn, .cl-share, .cl-related, .cl-colophon, .cl-margin, .cl-go";

  /** The page of a case. From a USB stick pages may not be read: there a frame opens it, and it tells itself. */
  async function caseOf(address) {
    let text;
    if (location.protocol === "file:") text = await told(address);
    else {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(address);
      text = await answer.text();
    }
    return new DOMParser().parseFromString(text, "text/html").querySelector("article.cl-case");
  }

  function told(address) {
    return new Promise((resolve, reject) => {
      const frame = el("iframe", { src: address, hidden: true, tabindex: "-1" });
      const end = (settle, value) => {
        clearTimeout(timer);
        window.removeEventListener("message", hear);
        frame.remove();
        settle(value);
      };
      const hear = ({ source, data }) => {
        if (source === frame.contentWindow && typeof data?.caseLibraryPage === "string") end(resolve, data.caseLibraryPage);
      };
      const timer = setTimeout(() => end(reject, new Error(address)), PATIENCE);
      window.addEventListener("message", hear);
      frame.addEventListener("load", () => frame.contentWindow.postMessage("case-library:page", "*"));
      document.body.append(frame);
    });
  }

  /** In one book no two cases share an id, and links lead from where the page stood. */
  function bound(article, id, address, inside) {
    for (const part of article.querySelectorAll(NOT_IN_A_BOOK)) part.remove();
    const own = (name) => `book-${id}--${name}`;
    for (const part of article.querySelectorAll("[id]")) part.id = own(part.id);
    for (const name of ["aria-labelledby", "aria-describedby", "for"])
      for (const part of article.querySelectorAll(`[${name}]`))
        part.setAttribute(name, part.getAttribute(name).split(" ").map(own).join(" "));
    for (const part of article.querySelectorAll("[fill^='url(#']"))
      part.setAttribute("fill", part.getAttribute("fill").replace("(#", `(#book-${id}--`));
    for (const link of article.querySelectorAll("a[href]")) {
      const to = link.getAttribute("href");
      const whole = new URL(to, address);
      const other = inside.get(whole.href.replace(/index\.html$|[?#].*$/g, ""));
      link.setAttribute("href", to.startsWith("#") ? `#${own(to.slice(1))}` : other ? `#book-${other}` : whole.href);
    }
    for (const picture of article.querySelectorAll("img")) {
      picture.src = new URL(picture.getAttribute("src"), address).href;
      picture.removeAttribute("srcset");
      picture.loading = "eager";
    }
    article.id = `book-${id}`;
    return document.adoptNode(article);
  }

  class Casebook {
    constructor(root, index) {
      this.root = root;
      this.index = index;
      this.say = speaker(index.manifest);
      this.part = (name) => root.querySelector(`[data-cl-${name}]`);
    }

    /** Ids of the address, or what its filters find; without either, the cases that were picked, or all. */
    async selection() {
      const given = new URLSearchParams(location.search);
      const ids = given.get("ids") ?? (given.size ? null : picked.cases.map(({ id }) => id).join(",") || null);
      return ids === null ? this.filtered() : this.named(ids.split(",").map((id) => id.trim()).filter(Boolean));
    }

    async named(ids) {
      const about = await this.index.file("fields");
      const wanted = [...new Set(ids)].slice(0, MOST);
      const found = await Promise.all(wanted.map((id) => this.index.hashedEntry("compare", id)));
      const cases = found.flatMap((data, i) => (data ? [{ id: wanted[i], title: data.title, address: data.address }] : []));
      const unknown = wanted.filter((_, i) => !found[i]).map((id) => id.slice(0, 80));
      return { cases, unknown, total: new Set(ids).size - unknown.length, words: [] };
    }

    async filtered() {
      await script("library");
      const { query, filters } = pages.get("selection")(this.index);
      const answer = await this.index.search({ query, filters, sort: "title", size: MOST, from: 0, counts: [] });
      const text = (pieces) => pieces.map((piece) => piece.text).join("");
      const cases = answer.hits.map(({ id, title, address }) => ({ id, title: text(title), address }));
      const words = await Promise.all(
        Object.entries(filters).map(async ([name, slugs]) =>
          (await this.index.facet(name)).filter(({ slug }) => slugs.includes(slug)).map(({ label }) => label),
        ),
      );
      const docs = answer.exact && answer.total === cases.length ? answer.docs : null;
      return { cases, unknown: [], total: answer.total, docs, words: [...(query ? [query] : []), ...words.flat()] };
    }

    async show() {
      const { say } = this;
      const { cases, unknown, total, docs, words } = await this.selection();
      const notes = [];
      const note = (text) => notes.push(el("p", { class: "cl-notice", role: "status" }, text));
      if (unknown.length) note(say("compare.unknown", { ids: unknown.join(", ") }));
      if (total > cases.length) note(say("casebook.bound", { most: cases.length, count: total }));
      if (!cases.length) {
        const library = el("a", { href: place().library }, say("compare.to-library"));
        this.part("tools").replaceChildren(...notes, el("p", { class: "cl-empty" }, say("casebook.empty"), " ", library));
        this.root.querySelector(".cl-book").hidden = true;
        return;
      }
      this.part("filters").textContent = words.join(" · ");
      this.part("count").textContent = say("hits", { count: cases.length });
      const progress = el("p", { role: "status" });
      this.part("tools").replaceChildren(...notes, progress);
      const articles = await this.bind(cases, (done) => {
        progress.textContent = say("casebook.binding", { done, count: cases.length });
      });
      const lost = cases.filter((_, i) => !articles[i]);
      if (lost.length) note(say("casebook.lost", { titles: lost.map(({ title }) => title).join(", ") }));
      const sums = docs ? await this.sums(docs) : null;
      const entry = (id, title) => el("li", {}, el("a", { href: `#book-${id}` }, el("span", {}, title)));
      const contents = cases.filter((_, i) => articles[i]).map(({ id, title }) => entry(id, title));
      this.part("body").replaceChildren(
        el(
          "section",
          { class: "cl-book__contents" },
          el("h2", {}, say("casebook.contents")),
          el("ol", {}, contents, sums ? entry("sums", say("sums.title")) : null),
        ),
        ...articles.filter(Boolean),
        ...(sums ? [sums] : []),
      );
      const print = el("button", { type: "button", class: "cl-button", click: () => window.print() }, say("compare.print"));
      this.part("tools").replaceChildren(...notes, el("p", {}, print, " ", el("span", { class: "cl-soft" }, say("casebook.hint"))));
      this.root.dataset.clBound = String(contents.length);
    }

    async bind(cases, tell) {
      const articles = [];
      const addresses = cases.map(({ address }) => href(address));
      const inside = new Map(cases.map(({ id }, i) => [addresses[i].replace(/index\.html$/, ""), id]));
      let done = 0;
      const waiting = cases.map((item, i) => ({ ...item, i }));
      const work = async () => {
        for (let next = waiting.shift(); next; next = waiting.shift()) {
          const { i, id } = next;
          try {
            const article = await caseOf(addresses[i]);
            articles[i] = article && bound(article, id, addresses[i], inside);
          } catch {
            articles[i] = null;
          }
          tell(++done);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      return articles;
    }

    async sums(docs) {
      await script("sums");
      const table = await (await pages.get("sums")(this.index)).table(docs, this.say);
      return el("section", { class: "cl-book__sums", id: "book-sums" }, el("h2", {}, this.say("sums.title")), table);
    }
  }

  pages.set("casebook", (root, index) => new Casebook(root, index).show());
})();
