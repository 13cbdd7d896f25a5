/* Search on every page: the box in the header, and cases picked for comparison.
 *
 * Also what the library page and the comparison page share: elements, words, links, the index.
 * Everything on a page works without this script; what it adds is made here.
 */
(() => {
  "use strict";

  const ASSETS = new URL(".", document.currentScript.src).href;
  const MOST_COMPARED = 4;
  const WAIT = 80;
  const LONGEST_TOLD = 200;

  // ---------------------------------------------------------------- shared

  /** An element; children that are text stay text. */
  function el(name, attributes = {}, ...children) {
    const space = SVG.has(name) ? "http://www.w3.org/2000/svg" : "http://www.w3.org/1999/xhtml";
    const element = document.createElementNS(space, name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value === undefined || value === null || value === false) continue;
      if (typeof value === "function") element.addEventListener(key, value);
      else element.setAttribute(key, value === true ? "" : value);
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined));
    return element;
  }

  const SVG = new Set(["svg", "defs", "pattern", "path", "rect", "line"]);

  /** Pieces of text as the engine gives them: what matches stands in <mark>. */
  const marked = (pieces) => pieces.map(({ text, mark }) => (mark ? el("mark", {}, text) : text));
  const textOf = (pieces) => pieces.map(({ text }) => text).join("");

  const scripts = new Map();

  function script(name) {
    if (!scripts.has(name)) {
      const loaded = new Promise((resolve, reject) => {
        const element = el("script", { src: `${ASSETS}${name}.js`, load: resolve });
        element.addEventListener("error", () => {
          scripts.delete(name);
          reject(new Error(`not loaded: ${name}`));
        });
        document.head.append(element);
      });
      scripts.set(name, loaded);
    }
    return scripts.get(name);
  }

  /** Where things are, as the header's form says it for the page's language. */
  function place() {
    const form = document.querySelector("form[data-cl-search]");
    const to = (address) => new URL(address, document.baseURI).href;
    return (
      form && {
        form,
        index: to(form.dataset.index),
        root: to(form.dataset.root),
        library: form.action,
        compare: to(form.dataset.compare),
      }
    );
  }

  async function index() {
    const { index: base } = place();
    if (!window.CaseLibrarySearch) {
      // What the script will ask for first comes beside it.
      document.head.append(el("link", { rel: "preload", as: "script", href: `${base}manifest.js` }));
      await script("search");
    }
    return window.CaseLibrarySearch.open(base);
  }

  /** From a USB stick there is no server that opens index.html for a folder. */
  function href(address) {
    const whole = new URL(address, place().root);
    if (whole.protocol === "file:" && whole.pathname.endsWith("/")) whole.pathname += "index.html";
    return whole.href;
  }

  /** The words of the index's language: `say("hits", {count: 3})` takes the right plural. */
  function speaker(manifest) {
    const { words } = manifest.about;
    const plurals = new Intl.PluralRules(manifest.language);
    const numbers = new Intl.NumberFormat(manifest.language);
    return (key, values = {}) => {
      const form = "count" in values ? plurals.select(values.count) : "other";
      const message = words[`${key}.${form}`] ?? words[`${key}.other`] ?? words[key] ?? key;
      return message.replace(/\{(\w+)\}/g, (_, name) =>
        typeof values[name] === "number" ? numbers.format(values[name]) : brief(String(values[name] ?? "")),
      );
    };
  }

  /** What somebody put into an address may be of any length. */
  const brief = (text) => (text.length > LONGEST_TOLD ? `${text.slice(0, LONGEST_TOLD)}…` : text);

  const later = (work) => {
    let timer = 0;
    return (...given) => {
      clearTimeout(timer);
      timer = setTimeout(() => work(...given), WAIT);
    };
  };

  /** What stands on the page already comes to the eye first. */
  const painted = () =>
    new Promise((done) => {
      requestAnimationFrame(() => setTimeout(done));
      setTimeout(done, 500); // a tab that nobody looks at paints nothing
    });

  /** A slow network is told of in words: after a moment, again when it takes long; at last one stops waiting. */
  function patiently(work, tell) {
    const { wordWaiting, wordSlow } = compareWords();
    const timers = [setTimeout(tell, 400, wordWaiting), setTimeout(tell, 6000, wordSlow)];
    const never = new Promise((_, reject) => timers.push(setTimeout(reject, 45000, new Error("never came"))));
    return Promise.race([work, never]).finally(() => timers.forEach(clearTimeout));
  }

  // ---------------------------------------------------------------- picked cases

  /** Cases to compare, kept while browsing; where storage is blocked, while the page is open. */
  const picked = {
    cases: [],
    key: () => `case-library:compare:${new URL(place().root).pathname}`,
    read() {
      try {
        const kept = JSON.parse(localStorage.getItem(this.key()) || "[]");
        const right = (item) => item && typeof item.id === "string" && typeof item.title === "string";
        if (Array.isArray(kept)) this.cases = kept.filter(right).slice(0, MOST_COMPARED);
      } catch {
        // What is in memory stays.
      }
    },
    write(cases) {
      this.cases = cases;
      try {
        localStorage.setItem(this.key(), JSON.stringify(cases));
      } catch {
        // Storage is blocked or full: the pick lives as long as the page.
      }
      showPicked();
    },
    has(id) {
      return this.cases.some((item) => item.id === id);
    },
    toggle(id, title) {
      const { lang } = document.documentElement;
      if (this.has(id)) this.write(this.cases.filter((item) => item.id !== id));
      else if (this.cases.length < MOST_COMPARED) this.write([...this.cases, { id, title, lang }]);
    },
    /** What was picked on a page in another language is called as this one calls it. */
    async translate() {
      const { lang } = document.documentElement;
      if (this.cases.every((item) => item.lang === lang)) return;
      const found = await index();
      const told = await Promise.all(this.cases.map(({ id }) => found.hashedEntry("compare", id)));
      const titles = new Map(this.cases.map(({ id }, i) => [id, told[i]?.title]));
      this.write(this.cases.map((item) => (titles.get(item.id) ? { ...item, title: titles.get(item.id), lang } : item)));
    },
  };

  // ---------------------------------------------------------------- what a reader selected

  /** What the library page last asked for, and the place of each case that it showed. */
  const selection = {
    key: () => `case-library:selection:${new URL(place().index).pathname}`,
    read() {
      try {
        const kept = JSON.parse(sessionStorage.getItem(this.key()));
        return typeof kept?.at === "object" && typeof kept?.asked?.query === "string" ? kept : null;
      } catch {
        return null;
      }
    },
    write(kept) {
      try {
        if (kept) sessionStorage.setItem(this.key(), JSON.stringify(kept));
        else sessionStorage.removeItem(this.key());
      } catch {
        // Storage is blocked: the order of the library will do.
      }
    },
  };

  const compareWords = () => document.querySelector("form[data-cl-search]").dataset;

  /** A button that picks a case, or lets it go. */
  function pickButton(id, title) {
    const words = compareWords();
    const button = el("button", { type: "button", class: "cl-pick", "data-cl-pick": id });
    button.addEventListener("click", () => picked.toggle(id, title));
    button.append(el("span", { "aria-hidden": "true" }, words.wordAdd), el("span", { class: "cl-hidden" }, title));
    showPick(button);
    return button;
  }

  function showPick(button) {
    const on = picked.has(button.dataset.clPick);
    const words = compareWords();
    button.setAttribute("aria-pressed", String(on));
    button.disabled = !on && picked.cases.length >= MOST_COMPARED;
    button.title = button.disabled ? words.wordFull : "";
    button.firstChild.textContent = on ? words.wordAdded : words.wordAdd;
  }

  /** Gives every case that a page lists, and the case that a page is about, its button. */
  function offerPicks(root) {
    for (const item of root.querySelectorAll("[data-case]:not([data-cl-offered])")) {
      const heading = item.querySelector("h1, h2, h3");
      // The list that the library page's own will replace stays as it is, unless that fails: nothing must move.
      if (!heading || item.closest("[data-cl-library]:has(> [data-cl-failed][hidden]) [data-cl-static]")) continue;
      item.dataset.clOffered = "";
      const button = pickButton(item.dataset.case, heading.textContent.trim());
      const kept = item.querySelector("[data-cl-pick-place]");
      const line = item.querySelector(".cl-status")?.parentElement;
      if (kept) kept.replaceWith(button);
      else (line || heading.parentElement).append(button);
    }
  }

  /** The bar at the foot of the window: what is picked, and the way to the comparison. */
  function showPicked() {
    const here = place();
    for (const button of document.querySelectorAll("[data-cl-pick]")) showPick(button);
    document.querySelector(".cl-tray")?.remove();
    if (!here || !picked.cases.length || document.querySelector("[data-cl-compare]")) return;
    const words = compareWords();
    const ids = picked.cases.map(({ id }) => id);
    const ready = ids.length > 1;
    const link = `${href(here.compare)}?ids=${ids.join(",")}`;
    const chips = picked.cases.map(({ id, title, lang }) =>
      el(
        "li",
        {},
        el(
          "button",
          {
            type: "button",
            class: "cl-active__chip",
            "aria-label": words.wordRemove.replace("{title}", title),
            click: () => picked.toggle(id, title),
          },
          el("span", { lang: lang === document.documentElement.lang ? null : lang }, title),
          el("span", { "aria-hidden": "true" }, "×"),
        ),
      ),
    );
    const go = ready
      ? el("a", { class: "cl-button", href: link }, words.wordGo.replace("{number}", ids.length))
      : el("span", { class: "cl-soft" }, words.wordOneMore);
    const clear = el("button", { type: "button", class: "cl-link", click: () => picked.write([]) }, words.wordClear);
    document.body.append(
      el(
        "aside",
        { class: "cl-tray", "aria-label": words.wordTray },
        el("ul", { class: "cl-active" }, chips),
        el("div", { class: "cl-tray__go" }, go, clear),
      ),
    );
  }

  // ---------------------------------------------------------------- the header's box

  /** A combobox: results below the box as one types, over all kinds of pages. */
  function box(form) {
    if (form.dataset.clReady) return;
    form.dataset.clReady = "";
    const input = form.querySelector("input");
    const panel = el("div", { class: "cl-found", tabindex: "0", hidden: true });
    const list = el("div", { id: "cl-found-list", role: "listbox", "aria-label": form.dataset.wordResults });
    const told = el("p", { class: "cl-found__told", role: "status" });
    panel.append(told, list);
    form.append(panel);
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": list.id,
    })) {
      input.setAttribute(name, value);
    }
    let active = -1;
    let asked = 0;

    const options = () => [...list.querySelectorAll("[role=option]")];
    const show = (open) => {
      panel.hidden = !open;
      input.setAttribute("aria-expanded", String(open));
      if (!open) choose(-1);
    };
    /** Below the last option and above the first stands the box itself. */
    const choose = (to) => {
      const all = options();
      all[active]?.setAttribute("aria-selected", "false");
      active = to < -1 ? all.length - 1 : to < all.length ? to : -1;
      all[active]?.setAttribute("aria-selected", "true");
      all[active]?.scrollIntoView({ block: "nearest" });
      if (active < 0) input.removeAttribute("aria-activedescendant");
      else input.setAttribute("aria-activedescendant", all[active].id);
    };

    const ask = later(async () => {
      const query = input.value.trim();
      const turn = ++asked;
      if (!query) return show(false);
      const each = (kind) => (kind === "case" ? 6 : 3);
      const answered = index().then(async (found) => [found, await found.search({ query, scope: "all", size: 40, each })]);
      const tell = (word) => {
        if (turn !== asked) return;
        told.textContent = word;
        show(true);
      };
      try {
        const [found, answer] = await patiently(answered, tell);
        if (turn === asked) draw(found, query, answer);
      } catch {
        if (turn !== asked) return;
        told.textContent = form.dataset.wordFailed;
        list.replaceChildren();
        show(true);
      }
    });

    const draw = ({ manifest }, query, answer) => {
      const say = speaker(manifest);
      told.textContent = answer.total ? say("found", { count: answer.total }) : say("none-anywhere", { query });
      list.replaceChildren();
      const groups = new Map([["case", []]]);
      for (const hit of answer.hits) groups.set(hit.kind, [...(groups.get(hit.kind) || []), hit]);
      for (const [kind, hits] of groups) {
        const name = manifest.about.kinds[kind] || say("pages-of-site");
        if (hits.length) list.append(group(name, hits.map(option)));
      }
      const instead = answer.instead || { nearest: [] };
      if (instead.nearest.length) list.append(group(say("nearest"), instead.nearest.map(option)));
      for (const way of ["without", "apart"]) {
        if (!instead[way]) continue;
        const { query: other } = instead[way];
        list.append(line(say(way, { query: other }), inLibrary(other)));
      }
      if (answer.hits.some(({ kind }) => kind === "case"))
        list.append(line(say("all", { query }), inLibrary(query)));
      options().forEach((item, i) => (item.id = `cl-found-${i}`));
      active = -1;
      input.removeAttribute("aria-activedescendant");
      show(true);
    };

    const inLibrary = (query) => `${href(form.action)}?q=${encodeURIComponent(query)}`;
    let heads = 0;
    const group = (name, items) => {
      const id = `cl-found-head-${heads++}`;
      return el(
        "div",
        { role: "group", "aria-labelledby": id },
        el("p", { class: "cl-found__kind", id, role: "presentation" }, name),
        items,
      );
    };
    const option = (hit) => {
      const also =
        hit.title.some(({ mark }) => mark) || hit.excerpt.some(({ mark }) => mark) ? [] : hit.names.slice(0, 1);
      const parts = [
        el("span", { class: "cl-found__title" }, marked(hit.title)),
        el("span", { class: "cl-found__text" }, also.map(marked).flat(), also.length ? " · " : "", marked(hit.excerpt)),
      ];
      return el("a", { role: "option", "aria-selected": "false", tabindex: "-1", href: href(hit.address) }, parts);
    };
    const line = (text, address) =>
      el(
        "a",
        { role: "option", "aria-selected": "false", tabindex: "-1", class: "cl-found__all", href: address },
        text,
      );

    input.addEventListener("input", (event) => event.isComposing || ask());
    input.addEventListener("compositionend", ask);
    input.addEventListener("focus", () => {
      index().catch(() => {});
      if (input.value.trim()) ask();
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "ArrowDown" && panel.hidden) ask();
      else if (event.key === "ArrowDown") choose(active + 1);
      else if (event.key === "ArrowUp") choose(active < 0 ? -2 : active - 1);
      else if (event.key === "Enter" && active >= 0) options()[active].click();
      else if (event.key === "Escape" && !panel.hidden) show(false);
      else if (event.key === "Escape") leave();
      else return;
      event.preventDefault();
    });
    const leave = () => {
      show(false);
      input.blur();
      form.closest(".cl-header")?.classList.remove("cl-header--searching");
    };
    form.addEventListener("focusout", (event) => {
      if (!form.contains(event.relatedTarget)) show(false);
    });
    // A press on a result must not take the focus away before the click arrives.
    panel.addEventListener("pointerdown", (event) => event.preventDefault());
    panel.addEventListener("click", (event) => event.target.closest("a") && leave());
  }

  /** Puts the cursor into the box; on a phone the box takes the header's place first. */
  function focusBox() {
    const own = document.querySelector("[data-cl-library] input[type=search]");
    const form = document.querySelector("form[data-cl-search]");
    if (!own && !form) return false;
    if (!own) form.closest(".cl-header")?.classList.add("cl-header--searching");
    const input = own || form.querySelector("input");
    input.focus();
    input.select();
    return true;
  }

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    const command = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey;
    if ((slash || command) && focusBox()) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-cl-search-open]") && focusBox()) event.preventDefault();
    if (!event.target.closest?.(".cl-header"))
      document.querySelector(".cl-header--searching")?.classList.remove("cl-header--searching");
  });
  window.addEventListener("storage", () => place() && (picked.read(), showPicked()));

  // ---------------------------------------------------------------- arriving on a page

  const pages = new Map();

  function arrive() {
    if (!place()) return;
    picked.read();
    box(place().form);
    offerPicks(document);
    showPicked();
    picked.translate().catch(() => {}); // as they were picked, then
    for (const [selector, name] of [
      ["[data-cl-library]", "library"],
      ["[data-cl-compare]", "compare"],
      ["[data-cl-casebook]", "casebook"],
      ["[data-cl-turn]", "turn"],
    ]) {
      const root = document.querySelector(selector);
      if (!root || root.dataset.clReady) continue;
      if (name === "turn" && !(root.dataset.clTurn in (selection.read()?.at || {}))) continue;
      root.dataset.clReady = "";
      const line = root.querySelector("[data-result-count], [data-cl-told]");
      const before = line?.textContent;
      // The list that the build wrote is not yet what the address asks for.
      if (location.search) root.classList.add("cl-waiting");
      const ready = (location.search ? Promise.resolve() : painted())
        .then(() => Promise.all([index(), script(name)]))
        .then(([found]) => pages.get(name)(root, found));
      patiently(ready, (word) => line && location.search && (line.textContent = word))
        .catch(() => {
          if (line) line.textContent = before;
          root.querySelector("[data-cl-failed]")?.removeAttribute("hidden");
          offerPicks(root);
        })
        .finally(() => root.classList.remove("cl-waiting"));
    }
  }

  window.CaseLibrary = Object.freeze({
    el,
    marked,
    textOf,
    href,
    index,
    script,
    speaker,
    later,
    patiently,
    place,
    picked,
    selection,
    pickButton,
    offerPicks,
    showPicked,
    pages,
  });
  // Material's instant navigation replaces the page without loading it.
  if (window.document$ && window.document$.subscribe) window.document$.subscribe(arrive);
  else arrive();
})();
