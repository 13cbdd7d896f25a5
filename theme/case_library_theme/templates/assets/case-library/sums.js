/* What the figures of the cases that a reader selected come to.
 *
 * The same rules as in the build (indicators.py, figures.py): nothing with a scope is added, a part
 * is not added to its whole, the weakest qualifier stays, and what did not report is counted.
 */
(() => {
  "use strict";

  const { el, href, speaker, pages } = window.CaseLibrary;
  const SCALE = 9;
  const REPORTERS = 8;

  /** Decimal text as a whole number of billionths: sums stay exact. */
  function exact(text) {
    const [whole, part = ""] = text.split(".");
    return BigInt(whole + part.padEnd(SCALE, "0"));
  }

  function decimal(value) {
    const digits = String(value < 0n ? -value : value).padStart(SCALE + 1, "0");
    const part = digits.slice(-SCALE).replace(/0+$/, "");
    return `${value < 0n ? "-" : ""}${digits.slice(0, -SCALE)}${part && `.${part}`}`;
  }

  /** Rows of the selected cases, by entry and standing: what counts, and what stands apart. */
  function gathered(data, docs) {
    const selected = new Set(docs);
    const rows = data.rows.filter(([doc]) => selected.has(doc));
    const whole = new Set(rows.filter(([, , , , scope]) => !scope).map(([doc, entry]) => `${entry} ${doc}`));
    const groups = new Map();
    for (const row of rows) {
      const [doc, entry, , , scope] = row;
      const key = `${String(entry).padStart(6, "0")} ${data.standings[doc]}`;
      const group = groups.get(key) || { entry, standing: Number(data.standings[doc]), counted: [], apart: [], all: [] };
      groups.set(key, group);
      group.all.push(row);
      const alike = (above) => data.standings[above] === data.standings[doc];
      const inside = (data.inside[doc] || []).some((above) => alike(above) && whole.has(`${entry} ${above}`));
      if (scope) group.apart.push(row);
      else if (!inside) group.counted.push(row);
    }
    return [...groups.keys()].sort().map((key) => groups.get(key));
  }

  /** The weakest qualifier, and "at least" where a part is a lower bound. */
  function qualifier({ qualifiers }, counted) {
    const numbered = counted.filter(([, , value]) => value !== null).map(([, , , q]) => qualifiers[q]);
    const bounds = ["at-least", "more-than", "dozens"];
    if (counted.some(([, , , q]) => bounds.includes(qualifiers[q])) && numbered.includes("about")) return "at-least-about";
    if (numbered.length && numbered.length < counted.length) return "more-than";
    return qualifiers[Math.max(...counted.map(([, , , q]) => q))];
  }

  class Sums {
    constructor(index, data) {
      this.index = index;
      this.data = data;
      this.language = index.manifest.language;
      this.say = speaker({ ...index.manifest, about: { words: data.words } });
      this.numbers = new Intl.NumberFormat(this.language, { maximumFractionDigits: SCALE });
      this.plurals = new Intl.PluralRules(this.language);
    }

    unit(entry, value) {
      const [one, many = one] = this.data.entries[entry][1].split("|").map((form) => form.trim());
      return value !== null && this.plurals.select(Number(value)) === "one" ? one : many;
    }

    figure(value, name, entry, before = "") {
      const word = this.data.words[`before.${name}`] || "";
      const number = value === null ? this.say("number.dozens") : this.numbers.format(value);
      return el("span", { class: "cl-figure" },
        `${before}${word}` ? el("span", { class: "cl-figure__word" }, `${before}${word} `) : "",
        el("span", { class: "cl-figure__number" }, number), " ",
        el("span", { class: "cl-figure__unit" }, this.unit(entry, value)));
    }

    total({ entry, counted }) {
      if (!counted.length) return "";
      const name = qualifier(this.data, counted);
      const values = counted.filter(([, , value]) => value !== null).map(([, , value]) => exact(value)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
      if (!values.length) return this.figure(null, name, entry);
      let value = values.reduce((sum, one) => sum + one, 0n);
      let before = "";
      if (!this.data.entries[entry][3]) {
        const middle = values.slice((values.length - 1) >> 1, (values.length >> 1) + 1);
        value = middle.reduce((sum, one) => sum + one, 0n) / BigInt(middle.length);
        if (values.length > 1) before = `${this.say("median")} `;
      }
      const more = counted.length - values.length;
      return [this.figure(decimal(value), name, entry, before), more ? this.say("uncounted", { count: more }) : ""];
    }

    async row(group, docs) {
      const { data, say } = this;
      const [title, , address] = data.entries[group.entry];
      const name = data.kinds[group.standing];
      const of = [...docs].filter((doc) => Number(data.standings[doc]) === group.standing).length;
      const reporting = new Set(group.all.map(([doc]) => doc)).size;
      const shown = group.all.slice(0, REPORTERS);
      const entries = await Promise.all(shown.map(([doc]) => this.index.text(doc)));
      const links = shown.map(([, , , , , number], i) => el("li", {}, el("a", { href: `${href(entries[i].address)}#figure-${number}` }, entries[i].title.value)));
      if (group.all.length > shown.length) links.push(el("li", {}, `+ ${group.all.length - shown.length}`));
      const apart = group.apart.map(([, entry, value, q, scope]) => el("span", { class: "cl-block" }, this.figure(value, data.qualifiers[q], entry), " ", el("span", { class: "cl-soft" }, scope)));
      return el("tr", {},
        el("th", { scope: "row" }, el("a", { href: href(address) }, title), el("span", { class: "cl-soft cl-block" }, say(`standing.${name}`))),
        el("td", {}, this.total(group), apart),
        el("td", {}, say("coverage", { count: of, reporting }), el("ul", { class: "cl-sums__cases cl-soft" }, links)));
    }

    /** A table, or one sentence where none of the cases reports. */
    async table(docs, words) {
      const groups = gathered(this.data, docs);
      if (!groups.length) return el("p", { class: "cl-empty" }, words("sums.none", { count: docs.length }));
      const rows = await Promise.all(groups.map((group) => this.row(group, docs)));
      const head = ["what", "total", "who"].map((key) => el("th", { scope: "col" }, words(`sums.${key}`)));
      const body = el("table", { class: "cl-table" }, el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows));
      return el("div", { class: "cl-scroll", role: "group", "aria-label": words("sums.title"), tabindex: "0" }, body);
    }
  }

  pages.set("sums", async (index) => new Sums(index, await index.file("sums")));
})();
