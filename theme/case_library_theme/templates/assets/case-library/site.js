/* Small comforts for every page; all of them work without it. */
(() => {
  "use strict";

  /** From a USB stick there is no server that opens index.html for a folder. */
  function completeLinks(root) {
    if (location.protocol !== "file:") return;
    for (const link of root.querySelectorAll("a[href]")) {
      const [, path, rest] = /^([^?#]*)(.*)$/.exec(link.getAttribute("href"));
      const inside = !/^[a-z][a-z0-9+.-]*:/i.test(path);
      if (inside && path.endsWith("/")) link.setAttribute("href", `${path}index.html${rest}`);
    }
    for (const form of root.querySelectorAll("form[action$='/']")) {
      form.setAttribute("action", `${form.getAttribute("action")}index.html`);
    }
  }

  /** Instant navigation keeps the header while the address changes: its links must not be relative. */
  function settleHeader() {
    for (const link of document.querySelectorAll(".cl-header a[href]")) link.href = link.href;
    for (const form of document.querySelectorAll(".cl-header form")) {
      form.action = form.action;
      for (const name of ["root", "index", "compare"]) {
        if (name in form.dataset) form.dataset[name] = new URL(form.dataset[name], location).href;
      }
    }
  }

  /** The header's link to where one is. */
  function markWhereOneIs() {
    const here = location.pathname.replace(/index\.html$/, "");
    for (const link of document.querySelectorAll(".cl-header nav a")) {
      const there = link.pathname.replace(/index\.html$/, "");
      if (!here.startsWith(there)) link.removeAttribute("aria-current");
      else link.setAttribute("aria-current", here === there ? "page" : "true");
    }
  }

  /** The entry of the contents whose section is being read. */
  function followContents(root) {
    const links = [...root.querySelectorAll(".cl-toc a")];
    const sections = links.map((link) => document.getElementById(link.hash.slice(1)));
    if (!links.length || !("IntersectionObserver" in window)) return;
    const mark = () => {
      const line = window.innerHeight / 3;
      let at = 0;
      sections.forEach((section, i) => {
        if (section && section.getBoundingClientRect().top < line) at = i;
      });
      // What stands last never comes up to the line.
      if (window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 4) at = links.length - 1;
      links.forEach((link, i) => {
        if (i === at) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      });
    };
    const observer = new IntersectionObserver(mark, { rootMargin: "-33% 0px -66% 0px" });
    sections.forEach((section) => section && observer.observe(section));
    const end = document.querySelector(".cl-footer");
    if (end) new IntersectionObserver(mark, { threshold: [0, 0.5, 1] }).observe(end);
    mark();
  }

  /** Column heads of a sortable table become buttons. */
  function sortTables(root) {
    for (const table of root.querySelectorAll("table[data-cl-sortable]")) {
      const heads = [...table.tHead.rows[0].cells];
      heads.forEach((head, column) => {
        if (head.querySelector("button")) return;
        const button = document.createElement("button");
        button.type = "button";
        button.append(...head.childNodes);
        head.append(button);
        button.addEventListener("click", () => sortBy(table, heads, column));
      });
    }
  }

  function sortBy(table, heads, column) {
    const down = heads[column].getAttribute("aria-sort") === "ascending";
    heads.forEach((head) => head.removeAttribute("aria-sort"));
    heads[column].setAttribute("aria-sort", down ? "descending" : "ascending");
    const words = new Intl.Collator(document.documentElement.lang || undefined, { numeric: true });
    const key = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent.trim();
    const rows = [...table.tBodies[0].rows];
    rows.sort((a, b) => words.compare(key(a), key(b)) * (down ? -1 : 1));
    table.tBodies[0].append(...rows);
  }

  /** A picture opens above the page; without script the link leads to it. */
  function openPictures() {
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.("a[data-cl-lightbox]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const dialog = document.createElement("dialog");
      dialog.className = "cl-lightbox";
      const small = link.querySelector("img");
      const picture = document.createElement("img");
      picture.src = link.href;
      picture.alt = small.alt;
      const close = document.createElement("form");
      close.method = "dialog";
      const button = document.createElement("button");
      button.className = "cl-lightbox__close";
      button.append(picture);
      close.append(button);
      dialog.setAttribute("aria-label", small.alt);
      dialog.append(close);
      const told = link.parentElement.querySelector("figcaption");
      if (told) dialog.append(Object.assign(document.createElement("p"), { className: "cl-lightbox__told", textContent: told.textContent }));
      document.body.append(dialog);
      dialog.addEventListener("close", () => {
        dialog.remove();
        link.focus();
      });
      dialog.showModal();
    });
  }

  /** Texts to take along: buttons that copy, save and send them; without script one copies by hand. */
  function offerTexts(root) {
    for (const block of root.querySelectorAll("[data-cl-share]:not([data-cl-ready])")) {
      block.dataset.clReady = "";
      const words = block.dataset;
      const now = new Date();
      const digits = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((n) => String(n).padStart(2, "0"));
      const dates = { "YYYY-MM-DD": digits.join("-"), "MONTH D, YYYY": now.toLocaleDateString("en-US", { dateStyle: "long" }) };
      for (const item of block.querySelectorAll("[data-cl-copy]")) {
        const text = item.querySelector("pre");
        for (const [blank, today] of Object.entries(dates)) text.textContent = text.textContent.replace(blank, today);
        const tools = document.createElement("p");
        const button = (word, act) => {
          const made = document.createElement("button");
          made.type = "button";
          made.className = "cl-link";
          made.textContent = word;
          made.addEventListener("click", () => act(made));
          tools.append(made);
        };
        button(words.wordCopy, (made) => copy(text, made, words));
        if (item.dataset.file) button(words.wordDownload, () => save(text.textContent, item.dataset.file));
        if (item.dataset.title && navigator.share) {
          const told = { title: item.dataset.title, text: text.textContent };
          button(words.wordSend, () => navigator.share(told).catch(() => {})); // the reader may change her mind
        }
        item.querySelector("pre + p")?.prepend(...tools.childNodes) ?? item.append(tools);
      }
    }
  }

  /** Over http and file:// there is no clipboard to write to: what is selected can still be copied. */
  async function copy(text, button, words) {
    let done = true;
    try {
      await navigator.clipboard.writeText(text.textContent);
    } catch {
      getSelection().selectAllChildren(text);
      done = document.execCommand("copy");
    }
    button.textContent = done ? words.wordCopied : words.wordSelected;
    button.setAttribute("role", "status");
  }

  function save(text, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([`${text}\n`], { type: "text/plain" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  /** A menu that one has left is closed. */
  function closeMenus() {
    const closeAll = (except) => {
      for (const menu of document.querySelectorAll("details.cl-menu[open]")) {
        if (!except || !menu.contains(except)) menu.open = false;
      }
    };
    document.addEventListener("click", (event) => closeAll(event.target));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") closeAll();
    });
  }

  /** A casebook that is read from a USB stick asks the pages of its cases to tell themselves. */
  window.addEventListener("message", ({ source, data }) => {
    if (data !== "case-library:page" || source !== window.parent || source === window) return;
    source.postMessage({ caseLibraryPage: document.querySelector("article.cl-case")?.outerHTML ?? "" }, "*");
  });

  function arrive() {
    completeLinks(document);
    markWhereOneIs();
    followContents(document);
    sortTables(document);
    offerTexts(document);
  }

  completeLinks(document);
  settleHeader();
  closeMenus();
  openPictures();
  // Material's instant navigation replaces the page without loading it.
  if (window.document$ && window.document$.subscribe) window.document$.subscribe(arrive);
  else arrive();
})();
