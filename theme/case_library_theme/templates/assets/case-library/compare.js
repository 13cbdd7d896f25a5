/* Cases side by side: the address names them, the build wrote what each says of every field. */
(() => {
  "use strict";

  const { el, href, speaker, place, picked, pages } = window.CaseLibrary;
  const MOST = 4;

  class ComparePage {
    constructor(root, index) {
      this.root = root;
      this.index = index;
      this.say = speaker(index.manifest);
      this.body = root.querySelector("[data-cl-body]");
      this.onlyDifferent = false;
    }

    /** The ids of the address; without any, the cases that were picked. */
    ids() {
      const given = new URLSearchParams(location.search).get("ids");
      const ids = given === null ? picked.cases.map(({ id }) => id) : given.split(",");
      return [...new Set(ids.map((id) => id.trim()).filter(Boolean))].slice(0, MOST);
    }

    async show() {
      const ids = this.ids();
      try {
        const about = await this.index.file("fields");
        const found = await Promise.all(ids.map((id) => this.index.hashedEntry("compare", id)));
        const cases = found.flatMap((data, i) => (data ? [{ id: ids[i], ...data }] : []));
        const unknown = ids.filter((_, i) => !found[i]);
        this.draw(about, cases, unknown);
      } catch {
        this.root.querySelector("[data-cl-failed]").hidden = false;
      }
    }

    draw(about, cases, unknown) {
      const { say } = this;
      const parts = [];
      if (unknown.length)
        parts.push(
          el("p", { class: "cl-notice", role: "status" }, say("compare.unknown", { ids: unknown.join(", ") })),
        );
      if (!cases.length)
        parts.push(
          el("p", { class: "cl-empty" }, say("compare.empty")),
          el("p", { class: "cl-go" }, el("a", { href: place().library }, say("compare.to-library"), " →")),
        );
      else parts.push(this.tools(cases), this.table(about, cases));
      this.body.replaceChildren(...parts);
    }

    tools(cases) {
      const box = el("input", {
        type: "checkbox",
        checked: this.onlyDifferent,
        change: () => this.filter(box.checked),
      });
      const print = el(
        "button",
        { type: "button", class: "cl-link", click: () => window.print() },
        this.say("compare.print"),
      );
      const casebook = href(new URL(this.root.dataset.casebook, document.baseURI).href);
      const book = `${casebook}?ids=${cases.map(({ id }) => id).join(",")}`;
      return el(
        "p",
        { class: "cl-compare__tools" },
        el("label", {}, box, " ", this.say("compare.only-differences")),
        print,
        el("a", { class: "cl-link", href: book }, this.say("casebook.make")),
      );
    }

    filter(on) {
      this.onlyDifferent = on;
      for (const row of this.body.querySelectorAll("tbody tr")) row.hidden = on && !("differs" in row.dataset);
    }

    table(about, cases) {
      const { say } = this;
      const head = cases.map((item) =>
        el(
          "th",
          { scope: "col" },
          el("a", { href: href(item.address) }, item.title),
          el(
            "button",
            {
              type: "button",
              class: "cl-link cl-compare__out",
              "aria-label": say("compare.remove-this", { title: item.title }),
              click: () => this.without(item.id, cases),
            },
            "×",
          ),
        ),
      );
      const used = Object.entries(about.fields).filter(([name]) => cases.some((item) => item.fields[name]));
      const fields = used.map(([name, label]) =>
        this.row(label, cases, (item) =>
          (item.fields[name] || []).map((line) => {
            const [text, ...notes] = line.split("\t");
            return [text, notes.join(" ")];
          }),
        ),
      );
      const counted = Object.entries(about.indicators).filter(([name]) => cases.some((item) => item.figures[name]));
      const figures = counted.map(([name, label]) =>
        this.row(label, cases, (item) => item.figures[name] || []),
      );
      const title = figures.length
        ? [
            el(
              "tr",
              { class: "cl-compare__part", "data-differs": "" },
              el("th", { scope: "rowgroup", colspan: cases.length + 1 }, say("compare.figures")),
            ),
          ]
        : [];
      return el(
        "table",
        { class: `cl-table cl-compare__table cl-compare--${cases.length}` },
        el("caption", { class: "cl-hidden" }, say("compare.title")),
        el("thead", {}, el("tr", {}, el("th", { scope: "col" }, say("compare.field")), head)),
        el("tbody", {}, fields),
        figures.length ? el("tbody", {}, title, figures) : null,
      );
    }

    /** One field of all cases; what not all of them say the same is marked, in words too. */
    row(label, cases, read) {
      const values = cases.map(read);
      const key = ([text, note]) => `${text}\n${note || ""}`;
      const said = new Map();
      for (const item of values.flat()) said.set(key(item), (said.get(key(item)) || 0) + 1);
      const differs =
        values.some((list) => list.length !== values[0].length) ||
        [...said.values()].some((times) => times < cases.length);
      const shared = [...said.values()].some((times) => times > 1);
      const say = ([text, note], alone) => {
        const told = (words) => (alone && shared ? el("span", { class: "cl-only" }, words) : words);
        if (!note) return el("li", {}, told(text));
        return el("li", {}, el("b", {}, told(text)), el("span", { class: "cl-soft cl-block" }, told(note)));
      };
      const cell = (list, i) =>
        el(
          "td",
          {},
          el("span", { class: "cl-compare__of", "aria-hidden": "true" }, cases[i].title),
          list.length
            ? el(
                "ul",
                {},
                list.map((item) => say(item, said.get(key(item)) === 1)),
              )
            : el("span", { class: "cl-missing" }, this.say("compare.not-reported")),
        );
      return el(
        "tr",
        { "data-differs": differs ? "" : null },
        el(
          "th",
          { scope: "row" },
          label,
          differs ? el("span", { class: "cl-compare__mark" }, this.say("compare.differs")) : null,
        ),
        values.map(cell),
      );
    }

    without(id, cases) {
      const ids = cases.map((item) => item.id).filter((other) => other !== id);
      picked.write(picked.cases.filter((item) => item.id !== id));
      history.pushState(history.state, "", `${location.pathname}?ids=${ids.join(",")}`);
      this.show();
    }
  }

  pages.set("compare", (root, index) => {
    const page = new ComparePage(root, index);
    const back = () => (root.isConnected ? page.show() : window.removeEventListener("popstate", back));
    window.addEventListener("popstate", back);
    return page.show();
  });
})();
