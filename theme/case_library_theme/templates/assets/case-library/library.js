/* The library page: what the address asks for, found and shown. The address is the only state. */
(() => {
  "use strict";

  const { el, marked, textOf, href, script, speaker, later, patiently, pickButton, offerPicks, showPicked, selection, pages } =
    window.CaseLibrary;
  const SIZES = { cards: 10, list: 50, table: 25 };
  const SORTS = ["relevance", "newest", "title", "evidence"];
  /** How facets call what nobody reports; `kit.py` says the same. */
  const NOBODY = "open";
  const FLAGS = ["figures", "replicable"];
  /** Facets that are open at first, unless they are long; of a large library fewer: each costs. */
  const OPEN = ["theme", "place", "status", "method"];
  const LARGE = 5000;
  const LONG = 200;
  const SHOWN = 8;

  /** What an address asks for; what it names and nobody knows is left out. */
  function read(index) {
    const given = new URLSearchParams(location.search);
    const view = given.get("view");
    const sort = given.get("sort");
    const page = Number.parseInt(given.get("page") || "1", 10);
    const filters = {};
    for (const name of index.manifest.facets) {
      const slugs = given
        .getAll(name)
        .flatMap((value) => value.split(","))
        .filter(Boolean);
      if (slugs.length) filters[name] = [...new Set(slugs)].slice(0, 50);
    }
    return {
      query: given.get("q") || "",
      filters,
      sort: SORTS.includes(sort) ? sort : "",
      view: Object.hasOwn(SIZES, view) ? view : "cards",
      page: page >= 1 && page < 1e6 ? page : 1,
    };
  }

  pages.set("selection", read);

  function address(state) {
    const asked = new URLSearchParams();
    if (state.query) asked.set("q", state.query);
    for (const [name, slugs] of Object.entries(state.filters)) if (slugs.length) asked.set(name, slugs.join(","));
    if (state.sort) asked.set("sort", state.sort);
    if (state.view !== "cards") asked.set("view", state.view);
    if (state.page > 1) asked.set("page", state.page);
    return location.pathname + (asked.size ? `?${asked}` : "");
  }

  class LibraryPage {
    constructor(root, index) {
      this.root = root;
      this.index = index;
      this.say = speaker(index.manifest);
      this.about = index.manifest.about;
      this.turn = 0;
      this.opened = new Map();
      this.allShown = new Set();
      this.state = read(index);
      this.count = root.querySelector("[data-result-count]");
      this.form = root.querySelector(".cl-library__find");
      this.input = this.form.querySelector("input");
      this.build();
      this.listen();
    }

    // -- the parts of the page that need this script

    build() {
      const { say } = this;
      const chosen = el("ul", { class: "cl-active" });
      const sort = el(
        "select",
        { id: "cl-sort" },
        SORTS.map((name) => el("option", { value: name }, say(`sorts.${name}`))),
      );
      const views = el(
        "div",
        { class: "cl-segments", role: "group", "aria-label": say("view") },
        Object.keys(SIZES).map((name) => el("button", { type: "button", "data-view": name }, say(`views.${name}`))),
      );
      const filter = el("button", { type: "button", class: "cl-filter-button", "aria-haspopup": "dialog" });
      const bar = el(
        "div",
        { class: "cl-bar" },
        filter,
        el("label", { class: "cl-sort", for: "cl-sort" }, el("span", {}, say("sort")), sort),
        views,
      );
      Object.assign(this, { chosen, sort, views, filter });
      this.results = el("div", { class: "cl-results" });
      this.sums = el("details", { class: "cl-sums" }, el("summary", {}, say("sums.title")), el("div", {}));
      this.book = el("a", {}, `${say("casebook.make")} →`);
      this.facets = el("div", { class: "cl-facets__all" });
      this.aside = el("aside", { class: "cl-facets", "aria-label": say("filters") }, this.facets);
      this.drawer = this.makeDrawer();
      const body = el(
        "div",
        { class: "cl-library__body", hidden: true },
        this.aside,
        el(
          "div",
          { class: "cl-library__found" },
          el("h2", { class: "cl-hidden" }, say("results")),
          bar,
          this.chosen,
          this.sums,
          this.results,
          el("p", { class: "cl-go" }, this.book),
        ),
      );
      this.form.hidden = false;
      this.form.after(body);
      body.append(this.drawer);
      this.shell = body;
    }

    /** On a phone the facets move into a dialog. */
    makeDrawer() {
      const close = () => this.drawer.close();
      this.done = el("button", { type: "button", class: "cl-button", click: close });
      const head = el(
        "div",
        { class: "cl-drawer__head" },
        el("h2", {}, this.say("filters")),
        el("button", { type: "button", class: "cl-link", click: () => this.clear() }, this.say("clear")),
      );
      this.inDrawer = el("div", { class: "cl-drawer__body" });
      return el(
        "dialog",
        { class: "cl-drawer", "aria-label": this.say("filters") },
        head,
        this.inDrawer,
        el("div", { class: "cl-drawer__foot" }, this.done),
      );
    }

    listen() {
      const { form, input } = this;
      input.value = this.state.query;
      input.maxLength = 200;
      const typed = later(() => this.go({ query: input.value.trim(), page: 1 }, true));
      input.addEventListener("input", (event) => event.isComposing || typed());
      input.addEventListener("compositionend", typed);
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.go({ query: input.value.trim(), page: 1 });
      });
      this.sums.addEventListener("toggle", () => this.sums.open && this.showSums());
      this.sort.addEventListener("change", () => this.go({ sort: this.sort.value, page: 1 }));
      this.views.addEventListener(
        "click",
        ({ target }) => target.dataset.view && this.go({ view: target.dataset.view, page: 1 }),
      );
      this.facets.addEventListener("change", ({ target }) => this.pick(target.name, target.value, target.checked));
      this.filter.addEventListener("click", () => {
        this.inDrawer.append(this.facets);
        this.drawer.showModal();
      });
      this.drawer.addEventListener("close", () => this.aside.append(this.facets));
      this.drawer.addEventListener("click", (event) => event.target === this.drawer && this.drawer.close());
      const back = () => {
        if (!this.root.isConnected) return window.removeEventListener("popstate", back);
        this.state = read(this.index);
        input.value = this.state.query;
        return this.show();
      };
      window.addEventListener("popstate", back);
    }

    /** Changes the address, and with it the page. One stretch of typing is one entry of the history. */
    go(change, typing = false) {
      const before = address(this.state);
      this.state = { ...this.state, ...change };
      const after = address(this.state);
      if (after !== before) history[typing && this.typing ? "replaceState" : "pushState"](history.state, "", after);
      this.typing = typing;
      return this.show();
    }

    pick(name, slug, on) {
      const others = (this.state.filters[name] || []).filter((known) => known !== slug);
      this.go({ filters: { ...this.state.filters, [name]: on ? [...others, slug] : others }, page: 1 });
    }

    clear() {
      this.input.value = "";
      this.go({ query: "", filters: {}, page: 1 });
    }

    // -- showing

    isOpen(name) {
      const open = this.opened.get(name);
      if (open !== undefined) return open;
      const few = this.index.cases > LARGE ? 1 : OPEN.length;
      const inviting = OPEN.slice(0, few).includes(name) && this.index.manifest.terms[name] <= LONG;
      return inviting || Boolean(this.state.filters[name]?.length);
    }

    async show() {
      const turn = ++this.turn;
      const { query, filters, view, page } = this.state;
      const size = SIZES[view];
      const sort = this.state.sort || (query ? "relevance" : "title");
      const facets = this.index.manifest.facets;
      const counts = facets.filter((name) =>
        FLAGS.includes(name) ? this.index.cases <= LARGE || this.isOpen("flags") : this.isOpen(name),
      );
      try {
        const needed = new Set(["status", ...counts, ...Object.keys(filters)]);
        const named = Promise.all([...needed].map(async (name) => [name, await this.index.facet(name)]));
        const asked = named.then((terms) =>
          Promise.all([new Map(terms), this.index.search({ query, filters, sort, size, from: (page - 1) * size, counts })]),
        );
        const [terms, answer] = await patiently(asked, (word) => {
          if (turn !== this.turn || this.shell.hidden) return;
          this.count.textContent = word;
          this.root.classList.add("cl-waiting");
        });
        if (turn !== this.turn) return;
        this.root.classList.remove("cl-waiting");
        if (!answer.hits.length && answer.total && page > 1) {
          this.typing = true; // the page that is not there leaves no entry
          return void this.go({ page: Math.ceil(answer.total / size) }, true);
        }
        this.terms = terms;
        this.sort.value = sort;
        this.sort.options[0].disabled = !query;
        for (const button of this.views.children)
          button.setAttribute("aria-pressed", String(button.dataset.view === view));
        this.showCount(answer);
        this.showChosen();
        this.showFacets(answer);
        this.showResults(answer, size);
        this.selected = answer.docs;
        this.remember(sort, answer, (page - 1) * size);
        this.sums.hidden = !answer.exact || !answer.total;
        this.book.hidden = !answer.total;
        this.book.href = href(new URL(this.root.dataset.casebook, document.baseURI).href) + location.search;
        if (this.sums.open) this.showSums();
        for (const section of this.root.querySelectorAll("[data-cl-static]")) section.hidden = true;
        this.root.querySelector("[data-cl-failed]").hidden = true;
        this.shell.hidden = false;
        showPicked();
      } catch (error) {
        if (turn === this.turn) this.fail(error);
      }
    }

    /** For the pages of cases, which lead to the previous and the next of what was selected here. */
    remember(sort, { hits, total, exact }, from) {
      const { query, filters } = this.state;
      const all = !query && !Object.keys(filters).some((name) => filters[name].length) && sort === "title";
      const at = Object.fromEntries(hits.map(({ id }, i) => [id, from + i]));
      const asked = { query, filters, sort };
      selection.write(all || !total || !exact ? null : { asked, total, at, address: location.search });
    }

    /** The list that the build wrote is there whatever happens. */
    fail() {
      this.root.classList.remove("cl-waiting");
      for (const section of this.root.querySelectorAll("[data-cl-static]")) section.hidden = false;
      const note = this.root.querySelector("[data-cl-failed]");
      note.hidden = false;
      offerPicks(this.root);
      if (!note.querySelector("button"))
        note.append(
          " ",
          el("button", { type: "button", class: "cl-link", click: () => this.show() }, this.say("again")),
        );
      this.shell.hidden = true;
      this.count.textContent = this.say("hits", { count: this.index.cases });
    }

    /** What the figures of all selected cases come to, not only of those on this page. */
    async showSums() {
      const docs = this.selected;
      try {
        await script("sums");
        this.counting ??= pages.get("sums")(this.index);
        const table = await (await this.counting).table(docs, this.say);
        if (docs === this.selected) this.sums.lastChild.replaceChildren(table);
      } catch {
        this.counting = null;
        this.sums.lastChild.replaceChildren(el("p", { class: "cl-notice" }, this.say("failed")));
      }
    }

    showCount({ total, exact }) {
      this.count.dataset.resultCount = String(total);
      this.count.textContent = this.say(exact ? "hits" : "about", { count: total });
      this.done.textContent = this.say("show", { count: total });
    }

    showChosen() {
      const { say, state } = this;
      const chosen = Object.entries(state.filters).flatMap(([name, slugs]) =>
        slugs.flatMap((slug) =>
          (this.terms.get(name) || []).filter((term) => term.slug === slug).map((term) => ({ name, ...term })),
        ),
      );
      const chip = ({ name, slug, label: text }) => {
        // "Not reported" alone would not say what.
        const label = slug === NOBODY ? `${this.about.facets[name]} · ${text}` : text;
        return el(
          "li",
          {},
          el(
            "button",
            {
              type: "button",
              class: "cl-active__chip",
              "aria-label": say("remove", { label }),
              click: () => this.pick(name, slug, false),
            },
            el("span", {}, label),
            el("span", { "aria-hidden": "true" }, "×"),
          ),
        );
      };
      const items = chosen.map(chip);
      if (items.length)
        items.push(
          el("li", {}, el("button", { type: "button", class: "cl-link", click: () => this.clear() }, say("clear"))),
        );
      this.chosen.replaceChildren(...items);
      this.chosen.hidden = !items.length;
      this.filter.textContent = items.length ? say("filters-on", { count: chosen.length }) : say("filters");
    }

    showFacets({ counts }) {
      const focused = this.facets.contains(document.activeElement) ? document.activeElement : null;
      const key = focused && `${focused.tagName}${focused.name || focused.dataset.key || ""}${focused.value || ""}`;
      const names = this.index.manifest.facets.filter((name) => !FLAGS.includes(name));
      const flags = this.index.manifest.facets.filter((name) => FLAGS.includes(name));
      const groups = names.map((name) => this.facet(name, this.about.facets[name], [name], counts));
      if (flags.length) groups.push(this.facet("flags", this.say("facets.flags"), flags, counts));
      this.facets.replaceChildren(...groups);
      if (!key) return;
      const again = [...this.facets.querySelectorAll("input, summary, button")];
      again.find((item) => `${item.tagName}${item.name || item.dataset.key || ""}${item.value || ""}` === key)?.focus();
    }

    facet(group, label, names, counts) {
      const open = this.isOpen(group);
      const rows = names.flatMap((name) => this.rows(name, counts.get(name)));
      if (open && !rows.length) return "";
      const all = this.allShown.has(group) || rows.length <= SHOWN + 2;
      const shown = all ? rows : rows.filter((row, i) => i < SHOWN || row.checked);
      const list = el(
        "ul",
        {},
        shown.map(({ name, slug, label: text, depth, count, checked }) =>
          el(
            "li",
            { class: depth ? `cl-facet--${Math.min(depth, 4)}` : null },
            el(
              "label",
              {},
              el("input", { type: "checkbox", name, value: slug, checked }),
              el("span", {}, text),
              el("span", { class: "cl-facet__count" }, count.toLocaleString(this.index.language)),
            ),
          ),
        ),
      );
      const details = el("details", { class: "cl-facet", open }, el("summary", { "data-key": group }, label), list);
      if (!all)
        details.append(
          el(
            "button",
            {
              type: "button",
              class: "cl-link",
              "data-key": `${group}-more`,
              click: () => (this.allShown.add(group), this.show()),
            },
            this.say("more", { count: rows.length - shown.length }),
          ),
        );
      details.addEventListener("toggle", () => {
        if (details.open === this.isOpen(group)) return;
        this.opened.set(group, details.open);
        if (details.open) this.show();
      });
      return details;
    }

    /** The terms that a click would give something for, and those that are on. */
    rows(name, tally) {
      const terms = this.terms.get(name) || [];
      const on = this.state.filters[name] || [];
      const depth = (term) => (term.parent < 0 ? 0 : 1 + depth(terms[term.parent]));
      const rows = terms.map((term, i) => ({
        ...term,
        name,
        depth: depth(term),
        count: tally ? tally[i] : "",
        checked: on.includes(term.slug),
      }));
      return rows.filter(({ count, checked }) => checked || count !== 0);
    }

    // -- results

    showResults(answer, size) {
      const { view } = this.state;
      const parts = [];
      if (!answer.hits.length) parts.push(this.nothing(answer));
      else if (view === "table") parts.push(this.table(answer.hits));
      else
        parts.push(
          el(
            "ol",
            { class: view === "cards" ? "cl-case-rows" : "cl-case-list" },
            answer.hits.map((hit) => (view === "cards" ? this.card(hit) : this.line(hit))),
          ),
        );
      parts.push(this.pager(answer.total, size));
      this.results.replaceChildren(...parts.filter(Boolean));
    }

    title(hit) {
      return el("a", { href: href(hit.address) }, marked(hit.title));
    }

    status({ status }) {
      const term = (this.terms.get("status") || []).find(({ slug }) => slug === status);
      return el(
        "span",
        { class: `cl-status cl-status--${/^[a-z]+$/.test(status) ? status : "unknown"}` },
        term ? term.label : "",
      );
    }

    card(hit) {
      const { extras } = hit;
      const shown = [...hit.title, ...hit.excerpt].some(({ mark }) => mark);
      const names = shown ? [] : hit.names.slice(0, 3);
      const seen = names.map(textOf);
      const spot = extras.place && !seen.includes(extras.place) ? [el("span", { class: "cl-pair" }, extras.place)] : [];
      return el(
        "li",
        { class: "cl-case-row", "data-case": hit.id, "data-cl-offered": true },
        el("a", { class: "cl-cover", href: href(hit.address), tabindex: "-1", "aria-hidden": "true" }, this.cover(hit)),
        el(
          "div",
          {},
          el("h3", {}, this.title(hit)),
          el("p", {}, marked(hit.excerpt)),
          el(
            "p",
            { class: "cl-soft cl-case-row__facts" },
            names.map((name) => el("span", { class: "cl-pair" }, marked(name))),
            spot,
            this.status(extras),
            pickButton(hit.id, textOf(hit.title)),
          ),
        ),
        this.profile(extras),
      );
    }

    line(hit) {
      return el(
        "li",
        { "data-case": hit.id, "data-cl-offered": true },
        el("h3", {}, this.title(hit)),
        el("span", { class: "cl-soft" }, hit.extras.place || ""),
        this.status(hit.extras),
        pickButton(hit.id, textOf(hit.title)),
      );
    }

    table(hits) {
      const { say, about } = this;
      const heads = [
        say("titled"),
        about.facets.status,
        about.facets.theme,
        about.facets.place,
        about.evidence,
        say("compare.add"),
      ];
      const row = (hit) =>
        el(
          "tr",
          { "data-case": hit.id, "data-cl-offered": true },
          el("th", { scope: "row" }, this.title(hit)),
          el("td", {}, this.status(hit.extras)),
          el("td", {}, hit.extras.theme || "–"),
          el("td", {}, hit.extras.place || "–"),
          el("td", {}, String(hit.extras.evidence || 0)),
          el("td", {}, pickButton(hit.id, textOf(hit.title))),
        );
      return el(
        "div",
        { class: "cl-scroll", role: "group", tabindex: "0", "aria-label": say("views.table") },
        el(
          "table",
          { class: "cl-table cl-table--cases" },
          el(
            "thead",
            {},
            el(
              "tr",
              {},
              heads.map((head) => el("th", { scope: "col" }, head || "")),
            ),
          ),
          el("tbody", {}, hits.map(row)),
        ),
      );
    }

    /** The window of a case, woven as the build would weave it. */
    cover({ doc, extras: { look, picture } }) {
      if (picture) return el("img", { class: "cl-photo", src: href(picture), alt: "", loading: "lazy" });
      const tile = look && this.about.tiles[look[0]];
      if (!tile) return "";
      const [, hue, transform, thick, hollow] = look;
      const [width, height, , d] = tile;
      const id = `cl-weave-${doc}`;
      const line = (paint, size) => el("path", { d, class: `s-${paint}`, fill: "none", "stroke-width": size });
      const pattern = el(
        "pattern",
        { id, width, height, patternUnits: "userSpaceOnUse", patternTransform: transform, "stroke-linejoin": "round" },
        line(hue, thick * (hollow ? 2.1 : 1)),
        hollow ? line("paper", thick * 0.9) : null,
      );
      return el(
        "svg",
        {
          class: "cl-lattice",
          viewBox: "0 0 100 100",
          preserveAspectRatio: "xMidYMid slice",
          "aria-hidden": "true",
          focusable: "false",
        },
        el("defs", {}, pattern),
        el("rect", { width: "100%", height: "100%", class: `f-${hue}`, opacity: "0.15" }),
        el("rect", { width: "100%", height: "100%", fill: `url(#${id})` }),
      );
    }

    /** Evidence by dimension, as a few small bars with their sum in words. */
    profile({ profile, evidence }) {
      if (!evidence) return el("div", { class: "cl-case-row__profile" });
      const sides = profile || [];
      const most = Math.max(3, ...sides);
      const bars = sides.map((value, i) => {
        const hue = this.about.profile[i]?.[1] || "accent";
        if (!value)
          return el("line", {
            x1: 20 * i,
            x2: 20 * i + 14,
            y1: 41,
            y2: 41,
            class: "s-soft",
            "stroke-dasharray": "2 2",
          });
        const height = (40 * value) / most;
        return el("rect", { x: 20 * i, y: 42 - height, width: 14, height, rx: 1, class: `f-${hue}` });
      });
      const drawing = sides.length
        ? el(
            "svg",
            { class: "cl-svg", viewBox: `0 0 ${20 * sides.length - 6} 42`, "aria-hidden": "true", focusable: "false" },
            bars,
          )
        : null;
      return el(
        "div",
        { class: "cl-case-row__profile" },
        drawing,
        el("span", {}, this.say("evidence", { count: evidence })),
      );
    }

    nothing({ instead }) {
      const { say, state } = this;
      const filtered = Object.values(state.filters).some(({ length }) => length);
      const found = el(
        "div",
        { class: "cl-empty cl-nothing" },
        el("p", {}, filtered && !instead ? say("none-filtered") : say("none", { query: state.query })),
      );
      if (filtered)
        found.append(
          el(
            "p",
            {},
            el(
              "button",
              { type: "button", class: "cl-link", click: () => this.go({ filters: {}, page: 1 }) },
              say("clear"),
            ),
          ),
        );
      for (const way of ["without", "apart"]) {
        if (!instead?.[way]) continue;
        const { query } = instead[way];
        const go = () => ((this.input.value = query), this.go({ query, page: 1 }));
        found.append(el("p", {}, el("button", { type: "button", class: "cl-link", click: go }, say(way, { query }))));
      }
      for (const kind of ["elsewhere", "nearest"]) {
        if (!instead?.[kind].length) continue;
        const hits = instead[kind].map((hit) => el("li", {}, this.title(hit)));
        found.append(el("p", { class: "cl-soft" }, say(kind)), el("ul", { class: "cl-list" }, hits));
      }
      return found;
    }

    pager(total, size) {
      const last = Math.ceil(total / size);
      const { page } = this.state;
      if (last < 2) return null;
      const link = (to, text, label) =>
        el(
          "a",
          {
            href: address({ ...this.state, page: to }),
            "aria-label": label,
            "aria-current": to === page ? "page" : null,
            click: (event) => this.turnTo(event, to),
          },
          text,
        );
      const near = [...new Set([1, page - 1, page, page + 1, last])].filter((to) => to >= 1 && to <= last);
      const steps = near.flatMap((to, i) => [
        i && to - near[i - 1] > 1 ? el("span", { "aria-hidden": "true" }, "…") : null,
        link(to, to.toLocaleString(this.index.language), this.say("page", { page: to })),
      ]);
      const previous = page > 1 ? link(page - 1, "‹", this.say("previous")) : null;
      const next = page < last ? link(page + 1, "›", this.say("next")) : null;
      return el("nav", { class: "cl-pager", "aria-label": this.say("pages") }, previous, steps, next);
    }

    async turnTo(event, page) {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      await this.go({ page });
      this.results.setAttribute("tabindex", "-1");
      this.results.focus({ preventScroll: true });
      this.shell.scrollIntoView({ block: "start" });
    }
  }

  pages.set("library", (root, index) => new LibraryPage(root, index).show());
})();
