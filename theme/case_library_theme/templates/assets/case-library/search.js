/* The search engine of a case library: reads the index that `case_library.search` writes.
 *
 * A classic script without dependencies, so that it runs over file:// and under
 * `script-src 'self'`. The files it reads are described in docs/search-format.md.
 * Nothing here touches the page: results are data, matches are pieces of text, never HTML.
 */
(() => {
  "use strict";

  const FORMAT = 2;
  const CASE = "case";
  const QUERY_LIMIT = 400;
  const TERM_LIMIT = 16;
  /** So few candidates are compared with their texts, which are shown anyway. */
  const FEW = 10;
  /** Bytes of places that one query may ask for to make its count exact. */
  const PLACES_BUDGET = 160 * 1024;
  /** Bytes of places or texts that are worth asking for one pair more instead. */
  const PAIR = 12 * 1024;
  /** Bytes, about, of an entry's text. */
  const TEXT = 4 * 1024;
  /** Lists longer than this stand in files of their own; `shards.py` says the same. */
  const HEAVY = 12 * 1024;
  /** Letters of a group's stamp. */
  const STAMP = 8;
  const SHARDS_KEPT = 2000;
  const LISTS_KEPT = 60;
  const TEXTS_KEPT = 500;
  /** What a hit weighs by its level: in title, names, labels and summary, text; then the same
   * for prefixes and synonyms; then names found by pinyin; then a name that is the query. */
  const WEIGHTS = [8, 4, 1.5, 1, 3.5, 2, 0.8, 0.6, 3, 40];
  const LIGHTER = 4;
  const BY_SOUND = 8;
  const WHOLE_NAME = 9;

  class SearchError extends Error {
    /** @param {"missing"|"damaged"|"stale"|"unsupported"} code @param {string} file */
    constructor(code, file) {
      super(`search index: ${code}: ${file}`);
      this.name = "SearchError";
      this.code = code;
      this.file = file;
    }
  }

  // ---------------------------------------------------------------- files

  /** Scripts that are on their way, by element: what they hand over is theirs. */
  const awaited = new Map();

  function take(stamp, sum, data) {
    const waiting = awaited.get(document.currentScript);
    if (waiting) waiting.taken = { stamp, sum, data };
  }

  function load(url) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      const waiting = { taken: null };
      const done = (code) => {
        awaited.delete(script);
        script.remove();
        if (waiting.taken) resolve(waiting.taken);
        else reject(new SearchError(code, url));
      };
      awaited.set(script, waiting);
      script.onload = () => done("damaged");
      script.onerror = () => done("missing");
      script.src = url;
      document.head.append(script);
    });
  }

  const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
    for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
    return n;
  });

  function crc32(bytes) {
    let sum = ~0;
    for (let i = 0; i < bytes.length; i++) sum = CRC[(sum ^ bytes[i]) & 255] ^ (sum >>> 8);
    return ~sum >>> 0;
  }

  async function unpacked({ sum, data }, url) {
    if (typeof DecompressionStream !== "function") throw new SearchError("unsupported", url);
    let bytes;
    try {
      const packed = Uint8Array.from(atob(data), (unit) => unit.charCodeAt(0));
      const stream = new Blob([packed]).stream();
      const plain = stream.pipeThrough(new DecompressionStream("deflate-raw"));
      bytes = new Uint8Array(await new Response(plain).arrayBuffer());
    } catch {
      throw new SearchError("damaged", url);
    }
    if (crc32(bytes) !== sum) throw new SearchError("damaged", url);
    return bytes;
  }

  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const spread = (token) => crc32(encoder.encode(token));

  /** Keeps the values that were used last. */
  class Recent extends Map {
    constructor(limit) {
      super();
      this.limit = limit;
    }

    get(key) {
      const value = super.get(key);
      if (value !== undefined) {
        super.delete(key);
        super.set(key, value);
      }
      return value;
    }

    set(key, value) {
      super.set(key, value);
      if (this.size > this.limit) this.delete(this.keys().next().value);
      return this;
    }
  }

  class Files {
    constructor(base) {
      this.base = base;
      this.stamp = "";
      this.stamps = {};
      this.kept = new Recent(SHARDS_KEPT);
    }

    /** The manifest; `fresh` goes past caches when its shards are of another build. */
    async manifest(fresh) {
      const url = `${this.base}manifest.js${fresh ? `?t=${Date.now()}` : ""}`;
      const taken = await load(url);
      const manifest = JSON.parse(decoder.decode(await unpacked(taken, url)));
      if (manifest.format !== FORMAT) throw new SearchError("unsupported", url);
      this.stamp = taken.stamp;
      this.stamps = manifest.stamps;
      return manifest;
    }

    /** That of the build, or of the file's group: the group stays the same when others change. */
    stampOf(name) {
      const [family, file] = name.split("/");
      const stamps = this.stamps[family];
      if (!stamps) return this.stamp;
      const group = parseInt(file, 16) & (stamps.length / STAMP - 1);
      return stamps.slice(group * STAMP, (group + 1) * STAMP);
    }

    /** A file as `read` understands its bytes; read once while it is kept. */
    get(name, read) {
      let promise = this.kept.get(name);
      if (!promise) {
        promise = this.bytes(name).then((bytes) => this.understood(name, bytes, read));
        promise.catch(() => this.kept.delete(name));
        this.kept.set(name, promise);
      }
      return promise;
    }

    async bytes(name) {
      const stamp = this.stampOf(name);
      const url = `${this.base}${name}.js?v=${stamp}`;
      const taken = await load(url);
      if (taken.stamp !== stamp) throw new SearchError("stale", url);
      return unpacked(taken, url);
    }

    understood(name, bytes, read) {
      try {
        return read(bytes);
      } catch {
        throw new SearchError("damaged", name);
      }
    }
  }

  const plain = (bytes) => bytes;
  const json = (bytes) => JSON.parse(decoder.decode(bytes));

  /** Reads varints one after the other. */
  class Reader {
    constructor(bytes, at = 0) {
      this.bytes = bytes;
      this.at = at;
    }

    next() {
      const bytes = this.bytes;
      let value = 0;
      for (let shift = 0; ; shift += 7) {
        if (this.at >= bytes.length) throw new RangeError("beyond the end");
        const byte = bytes[this.at++];
        value |= (byte & 127) << shift;
        if (byte < 128) return value >>> 0;
      }
    }
  }

  /**
   * Tokens with their lists. The bytes stay as they are: a look-up walks the head, which takes
   * less time than a map would take memory.
   */
  class Shard {
    constructor(path, bytes, parts) {
      this.path = path;
      this.bytes = bytes;
      /** Into how many files places go, or undefined where this family has none. */
      this.parts = parts;
      this.known = new Map();
      this.bodies = 0;
      let end = 0;
      this.bodies = this.walk((row) => (end = row.at + (row.length > HEAVY ? 0 : row.length)));
      if (this.bodies + end !== bytes.length) throw new RangeError("not the length of a shard");
    }

    /** Calls `visit` with every row; returns where the head ends. */
    walk(visit) {
      const reader = new Reader(this.bytes);
      const rows = reader.next();
      let at = this.bodies;
      for (let index = 0; index < rows; index++) {
        const size = reader.next();
        const name = reader.at;
        reader.at += size;
        const row = { shard: this, index, name, size, count: reader.next(), length: reader.next(), at };
        row.places = this.parts === undefined ? 0 : reader.next();
        if (row.length <= HEAVY) at += row.length;
        visit(row);
      }
      return reader.at;
    }

    find(token) {
      const wanted = encoder.encode(token);
      let found;
      this.walk((row) => {
        if (row.size === wanted.length && this.begins(row, wanted)) found = row;
      });
      return found;
    }

    /** The rows of words that begin so; whole names, which hold a tab, are none. */
    startingWith(prefix) {
      const wanted = encoder.encode(prefix);
      const found = [];
      this.walk((row) => {
        if (row.size >= wanted.length && this.begins(row, wanted) && !this.token(row).includes("\t")) found.push(row);
      });
      return found;
    }

    begins(row, wanted) {
      for (let i = 0; i < wanted.length; i++) if (this.bytes[row.name + i] !== wanted[i]) return false;
      return true;
    }

    token(row) {
      return decoder.decode(this.bytes.subarray(row.name, row.name + row.size));
    }

    /** The file that holds a row's places, and where in it they begin; worked out once. */
    placesOf(row) {
      if (!this.known.has(row.index)) this.known.set(row.index, this.placesAt(row));
      return this.known.get(row.index);
    }

    placesAt(wanted) {
      const file = `${this.path}-${wanted.index.toString(16)}-places`;
      if (wanted.places > HEAVY) return { file, at: 0 };
      const part = this.part(wanted);
      let at = 0;
      this.walk((row) => {
        if (row.index < wanted.index && row.places <= HEAVY && this.part(row) === part) at += row.places;
      });
      return { file: `${this.path}-places-${part.toString(16)}`, at };
    }

    part(row) {
      return this.parts && (spread(this.token(row).split("\t")[0]) >>> 16) & ((1 << this.parts) - 1);
    }
  }

  /** @typedef {{docs: Uint32Array, levels: Uint8Array}} List  entries, rising, and their levels */

  function readList(row, bytes) {
    const docs = new Uint32Array(row.count);
    const levels = new Uint8Array(row.count);
    const reader = new Reader(bytes);
    let doc = 0;
    for (let i = 0; i < row.count; i++) {
      const step = reader.next();
      doc += step >>> 2;
      docs[i] = doc;
      levels[i] = step & 3;
    }
    return { docs, levels };
  }

  // ---------------------------------------------------------------- text

  const HAN =
    "\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u2e80-\\u2fdf\\u3005-\\u3007\\u3021-\\u3029" +
    "\\u3031-\\u3035\\u3038-\\u303c\\u3040-\\u30ff\\u3100-\\u312f\\u31a0-\\u31bf\\u31f0-\\u31ff" +
    "\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
  const MARKS =
    "\\u0300-\\u036f\\u0483-\\u0489\\u0591-\\u05c7\\u0610-\\u061a\\u064b-\\u065f\\u0670" +
    "\\u06d6-\\u06ed\\u0900-\\u0dff";
  const HAS_HAN = new RegExp(`[${HAN}]`, "u");
  const BEHIND_HAN = new RegExp(`(?<=[${HAN}])[^${HAN}]{2,}`, "gu");
  const LETTER = new RegExp(`[\\p{L}\\p{N}${MARKS}${HAN}]`, "u");
  const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]/u;
  const IDEOGRAPH = /[\u3400-\u4dbf\u4e00-\u9fff\u{20000}-\u{3ffff}]/u;
  const PLAIN = /^[\t -~]*$/;
  const LONE_SURROGATE = /[\ud800-\udfff]/gu;
  const QUOTED = /["“”„«»「」『』＂]([^"“”„«»「」『』＂]*)["“”„«»「」『』＂]/gu;
  const POINT = "\x1f";
  /** Two or more syllables of pinyin: worth a look at names even where words match too. */
  const SYLLABLES =
    /^(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|uo|ui|ue|ve|er|[aeiouv])){2,}$/;

  const hasHan = (text) => HAS_HAN.test(text);

  /** Folds text by the rules of `tokens.py`; `variants` are the Traditional characters it holds. */
  class Folder {
    constructor(variants) {
      this.simpler = new Map([...variants[0]].map((c, i) => [c, [...variants[1]][i]]));
      this.known = new Map();
    }

    character(character) {
      let folded = this.known.get(character);
      if (folded === undefined) {
        folded = "";
        for (const part of character.normalize("NFKC").toLowerCase()) folded += this.part(part);
        this.known.set(character, folded);
      }
      return folded;
    }

    part(part) {
      if (part === "\n") return part;
      if (part === " " || part === "\t" || part === "\r") return " ";
      if (INVISIBLE.test(part)) return "";
      if (part === "ς") return "σ";
      const simple = this.simpler.get(part) || part;
      return LETTER.test(simple) ? simple : POINT;
    }

    /** Folded text alone; most English can be folded at once. */
    text(text) {
      if (!PLAIN.test(text)) return this.fold(text).folded;
      return text.toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();
    }

    /** Folded text, and for each of its units where in the text it begins and ends. */
    fold(text) {
      const starts = [];
      const ends = [];
      let folded = "";
      let before = "";
      let between = "";
      let breakAt = 0;
      let at = 0;
      for (const character of text) {
        const end = at + character.length;
        for (const part of this.character(character)) {
          if (part === " " || part === POINT || part === "\n") {
            if (!between) breakAt = at;
            if (between !== "\n" && (!between || part !== " ")) between = part;
            continue;
          }
          if (between && folded && !(between === " " && (hasHan(before) || hasHan(part)))) {
            folded += between === "\n" ? "\n" : " ";
            starts.push(breakAt);
            ends.push(at);
          }
          between = "";
          before = part;
          folded += part;
          for (let n = 0; n < part.length; n++) {
            starts.push(at);
            ends.push(end);
          }
        }
        at = end;
      }
      return { folded, starts, ends };
    }
  }

  /** A text of an entry; where its folded units stand in it is worked out when a match asks. */
  class Part {
    constructor(folder, value, sound) {
      this.folder = folder;
      this.value = value;
      this.sound = sound;
      this.folded = folder.text(value);
    }

    range(from, to) {
      this.units ??= this.folder.fold(this.value);
      return [this.units.starts[from], this.units.ends[to - 1]];
    }
  }

  /** Where a folded text holds a term: pairs of start and end. */
  function occurrences(folded, term, whole) {
    const found = [];
    const first = term.split(" ", 1)[0];
    const last = term.slice(term.lastIndexOf(" ") + 1);
    const atStart = !hasHan(first);
    const atEnd = whole && !hasHan(last);
    for (let at = folded.indexOf(term); at >= 0; at = folded.indexOf(term, at + 1)) {
      const end = at + term.length;
      if (atStart && at > 0 && inWord(folded[at - 1])) continue;
      if (atEnd && end < folded.length && inWord(folded[end])) continue;
      found.push([at, end]);
    }
    return found;
  }

  const inWord = (unit) => unit !== " " && unit !== "\n" && !hasHan(unit);

  /** Where a name is spoken so: pairs of start and end in the name. */
  function spokenAt(name, syllables, query) {
    if (!syllables) return [];
    const units = [];
    let at = 0;
    for (const run of name.match(new RegExp(`${IDEOGRAPH.source}|[^${IDEOGRAPH.source.slice(1)}+`, "gu")) || []) {
      units.push([at, (at += run.length)]);
    }
    const parts = syllables.split(" ").map((text, i) => ({ text, range: units[i] }));
    const said = parts.filter((part) => part.text && part.range);
    for (let start = 0; start < said.length; start++) {
      for (const short of [false, true]) {
        let spoken = "";
        for (let end = start; end < said.length; end++) {
          const { text } = said[end];
          spoken += short && !/^\d/.test(text) ? text[0] : text;
          if (spoken.startsWith(query)) return [[said[start].range[0], said[end].range[1]]];
          if (!query.startsWith(spoken)) break;
        }
      }
    }
    return [];
  }

  /** Text cut into pieces, those in the ranges marked. */
  function pieces(text, ranges, from = 0, to = text.length) {
    const found = [];
    let at = from;
    for (const [start, end] of merged(ranges)) {
      const [a, b] = [Math.max(start, at), Math.min(end, to)];
      if (a >= b) continue;
      if (a > at) found.push({ text: text.slice(at, a), mark: false });
      found.push({ text: text.slice(a, b), mark: true });
      at = b;
    }
    if (at < to) found.push({ text: text.slice(at, to), mark: false });
    return found;
  }

  function merged(ranges) {
    const found = [];
    for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
      const last = found[found.length - 1];
      if (last && start <= last[1]) last[1] = Math.max(last[1], end);
      else found.push([start, end]);
    }
    return found;
  }

  // ---------------------------------------------------------------- lists

  /** The entries in both lists, with the level that `level` makes of the two. */
  function intersection(a, b, level) {
    if (a.docs.length > b.docs.length) return intersection(b, a, (x, y) => level(y, x));
    const docs = new Uint32Array(a.docs.length);
    const levels = new Uint8Array(a.docs.length);
    let size = 0;
    let low = 0;
    const many = b.docs.length > 16 * a.docs.length;
    for (let i = 0; i < a.docs.length; i++) {
      const doc = a.docs[i];
      if (many) low = firstFrom(b.docs, doc, low);
      else while (low < b.docs.length && b.docs[low] < doc) low++;
      if (b.docs[low] !== doc) continue;
      docs[size] = doc;
      levels[size++] = level(a.levels[i], b.levels[low]);
    }
    return { docs: docs.slice(0, size), levels: levels.slice(0, size) };
  }

  function firstFrom(docs, doc, low) {
    let high = docs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (docs[middle] < doc) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The entries in any of the lists, each at the level that weighs most. */
  function union(lists) {
    if (lists.length === 1) return lists[0];
    if (lists.length > 2) {
      const half = lists.length >> 1;
      return union([union(lists.slice(0, half)), union(lists.slice(half))]);
    }
    const [a, b] = lists.length ? lists : [EMPTY, EMPTY];
    const docs = new Uint32Array(a.docs.length + b.docs.length);
    const levels = new Uint8Array(docs.length);
    let size = 0;
    for (let i = 0, j = 0; i < a.docs.length || j < b.docs.length; size++) {
      const [x, y] = [a.docs[i] ?? Infinity, b.docs[j] ?? Infinity];
      docs[size] = Math.min(x, y);
      if (x === y) levels[size] = heavier(a.levels[i++], b.levels[j++]);
      else levels[size] = x < y ? a.levels[i++] : b.levels[j++];
    }
    return { docs: docs.slice(0, size), levels: levels.slice(0, size) };
  }

  const EMPTY = { docs: new Uint32Array(0), levels: new Uint8Array(0) };
  const heavier = (a, b) => (WEIGHTS[a] >= WEIGHTS[b] ? a : b);
  const lightest = (a, b) => Math.max(a, b);

  function withLevels(list, change) {
    return { docs: list.docs, levels: list.levels.map(change) };
  }

  function kept(list, keep) {
    const docs = [];
    const levels = [];
    list.docs.forEach((doc, i) => {
      if (!keep(doc)) return;
      docs.push(doc);
      levels.push(list.levels[i]);
    });
    return { docs: Uint32Array.from(docs), levels: Uint8Array.from(levels) };
  }

  // ---------------------------------------------------------------- queries

  /** A query as its terms: words that must all occur, quoted ones exactly as they stand. */
  function parsed(query, folder) {
    const text = String(query).normalize("NFC").slice(0, QUERY_LIMIT).replace(LONE_SURROGATE, " ");
    const terms = [];
    const add = (raw, quoted) => {
      const term = folder.fold(raw.replace(/\s+/g, " ")).folded;
      if (term && !terms.some((known) => known.text === term && known.quoted === quoted)) {
        terms.push({ text: term, raw: raw.trim(), quoted });
      }
    };
    const rest = text.replace(QUOTED, (_, inside) => {
      add(inside, true);
      return " ";
    });
    for (const word of rest.split(/\s+/)) add(word, false);
    return terms.slice(0, TERM_LIMIT);
  }

  /**
   * The tokens that a term needs, each with its place in the term, the last may be a prefix; and
   * the pairs `between` them and the words behind Han, which are asked where these leave too many
   * candidates.
   */
  function tokensOf(term, whole) {
    const tokens = [];
    const between = [];
    let loose = false;
    let at = 0;
    const all = term.split(" ");
    all.forEach((piece, index) => {
      const characters = [...piece];
      if (hasHan(piece)) {
        // Every second pair and the last cover the piece; places tell whether they touch.
        for (let i = 0; i < characters.length - 1; i++) {
          const needed = i % 2 === 0 || i === characters.length - 2;
          const text = characters[i] + characters[i + 1];
          (needed ? tokens : between).push({ kind: "gram", text, at: at + i });
        }
        for (const { 0: text, index: start } of piece.matchAll(BEHIND_HAN)) {
          between.push({ kind: start + text.length === piece.length ? "prefix" : "word", text });
        }
        if (characters.length === 1) {
          if (all.length === 1) tokens.push({ kind: "single", text: piece, at });
          else loose = true;
        }
      } else {
        const open = !whole && index === all.length - 1;
        tokens.push({ kind: open ? "prefix" : "word", text: piece, at });
      }
      at += characters.length + 1;
    });
    return { tokens, between, loose };
  }

  /** A term that two or more tokens stand for is certain only once places or texts are seen. */
  class Term {
    constructor(text, quoted) {
      this.text = text;
      this.quoted = quoted;
      /** @type {{text: string, list: List, certain: boolean, tokens?: object[], sound?: boolean}[]} */
      this.ways = [];
      this.list = EMPTY;
    }

    get certain() {
      return this.ways.every((way) => way.certain);
    }

    unite() {
      this.list = union(this.ways.map((way) => way.list));
    }
  }

  // ---------------------------------------------------------------- the index

  class Index {
    constructor(files, manifest) {
      this.files = files;
      this.lists = new Recent(LISTS_KEPT);
      this.texts = new Recent(TEXTS_KEPT);
      this.answers = new Recent(8);
      this.use(manifest);
    }

    use(manifest) {
      this.manifest = manifest;
      this.language = manifest.language;
      this.folder = new Folder(manifest.variants);
      this.kinds = [];
      this.size = 0;
      for (const [kind, count] of manifest.kinds) {
        this.kinds.push({ kind, from: this.size, to: this.size + count });
        this.size += count;
      }
      this.cases = manifest.kinds.reduce((n, [kind, count]) => (kind === CASE ? count : n), 0);
      this.synonyms = new Map();
      for (const group of manifest.synonyms) {
        for (const word of group) this.synonyms.set(word, group);
      }
    }

    kindOf(doc) {
      return this.kinds.find(({ to }) => doc < to).kind;
    }

    /** Does it again with the new manifest when a new build took the place of the old one. */
    async retried(work) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof SearchError) || !["stale", "missing"].includes(error.code)) throw error;
        const before = this.files.stamp;
        const manifest = await this.files.manifest(true);
        if (this.files.stamp === before) throw error;
        for (const cache of [this.files.kept, this.lists, this.texts, this.answers]) cache.clear();
        this.use(manifest);
        return work();
      }
    }

    /** A further file of the index, as JSON. */
    file(name) {
      return this.retried(() => this.files.get(name, json));
    }

    /** What a family of further files says of an id, or undefined. */
    async hashedEntry(family, id) {
      const entries = await this.retried(() => this.files.get(this.hashedPath(family, id), json));
      return Object.hasOwn(entries, id) ? entries[id] : undefined;
    }

    hashedPath(family, token) {
      return `${family}/${(spread(token) & ((1 << this.manifest[family].bits) - 1)).toString(16)}`;
    }

    // -- tokens and their lists

    hashedShard(family, token) {
      return this.shard(family, spread(token) & ((1 << this.manifest[family].bits) - 1));
    }

    shard(family, number) {
      const path = `${family}/${number.toString(16)}`;
      const parts = family === "gram" || family === "word" ? this.manifest[family].parts : undefined;
      return this.files.get(path, (bytes) => new Shard(path, bytes, parts));
    }

    /** The number of the shard in whose range a token is. */
    numberOf(family, token) {
      return Math.max(
        0,
        this.manifest[family].borders.findLastIndex((border) => border <= token),
      );
    }

    /** The shards that hold the tokens which begin so. */
    rangedShards(family, prefix) {
      const { borders } = this.manifest[family];
      const numbers = [this.numberOf(family, prefix)];
      for (let next = numbers[0] + 1; borders[next]?.startsWith(prefix); next++) numbers.push(next);
      return Promise.all(numbers.map((number) => this.shard(family, number)));
    }

    async list(row) {
      const { shard, index, at, length } = row;
      const key = `${shard.path}-${index.toString(16)}`;
      let list = this.lists.get(key);
      if (!list) {
        const bytes = length > HEAVY ? await this.files.get(key, plain) : shard.bytes.subarray(at, at + length);
        try {
          list = readList(row, bytes);
        } catch {
          throw new SearchError("damaged", shard.path);
        }
        this.lists.set(key, list);
      }
      return list;
    }

    /** Rows of a token: one, or for a prefix those of all words that begin so. */
    async rows(token) {
      const { kind, text } = token;
      if (kind === "gram" || kind === "single") {
        const shard = await this.hashedShard(kind, text);
        return { shard, rows: [shard.find(text)].filter(Boolean) };
      }
      const short = kind === "prefix" && [...text].length <= 3;
      const family = kind === "sound" ? "sound" : "word";
      if (kind === "word" || short) {
        const shard = await this.shard(family, this.numberOf(family, text));
        const row = shard.find(text);
        if (!short) return { shard, rows: row ? [row] : [] };
        const singles = await this.hashedShard("single", text);
        return { shard, rows: [singles.find(text), row].filter(Boolean), short };
      }
      const shards = await this.rangedShards(family, text);
      const rows = shards.flatMap((shard) => shard.startingWith(text));
      return { shard: shards[0], rows };
    }

    async tokenList(token) {
      const lists = await Promise.all(
        token.rows.map(async (row) => {
          const list = await this.list(row);
          const whole =
            token.kind !== "prefix" || (row.shard.parts !== undefined && row.shard.token(row) === token.text);
          return whole ? list : withLevels(list, (level) => level + LIGHTER);
        }),
      );
      return union(lists);
    }

    // -- terms

    /** The entries that may hold a text, and whether they surely do. */
    async way(text, whole) {
      const { tokens, between, loose } = tokensOf(text, whole);
      const { list: all, skipped } = await this.havingAll(tokens, null);
      if (!all.docs.length) return { text, list: EMPTY, certain: true };
      const certain = tokens.length === 1 && !loose && !skipped;
      const list = await this.namesFirst(text, tokens[0], all);
      return { text, list, certain, tokens, between, loose: loose || tokens.some((token) => token.short) };
    }

    /** Of a list's entries, or of all, those that have all tokens; long lists are spared when few are left. */
    async havingAll(tokens, list) {
      await Promise.all(tokens.map(async (token) => Object.assign(token, await this.rows(token))));
      for (const token of tokens) token.count = token.rows.reduce((n, row) => n + row.count, 0);
      let skipped = false;
      for (const token of [...tokens].sort((a, b) => a.count - b.count)) {
        if (!token.count) return { list: EMPTY, skipped };
        const heavy = token.rows.some((row) => row.length > HEAVY);
        if (list && heavy && list.docs.length <= FEW) {
          skipped = true;
          continue;
        }
        const next = await this.tokenList(token);
        list = list ? intersection(list, next, lightest) : next;
      }
      return { list: list || EMPTY, skipped };
    }

    /** Entries that have the text for a name get the highest level. */
    async namesFirst(text, { kind, text: token, shard }, list) {
      if (kind === "single" || !list.docs.length) return list;
      const piece = text.split(" ", 1)[0];
      const row = shard.find(`${kind === "gram" ? token : piece}\t${spread(text).toString(16)}`);
      if (!row) return list;
      const named = withLevels(await this.list(row), () => WHOLE_NAME);
      return union([list, intersection(named, list, (level) => level)]);
    }

    async term({ text, quoted }) {
      const term = new Term(text, quoted);
      term.ways = [await this.way(text, quoted)];
      if (quoted) term.unite();
      else await this.otherWays(term);
      return term;
    }

    async otherWays(term) {
      const { text, ways } = term;
      for (const other of this.synonyms.get(text) || []) {
        if (other === text) continue;
        const way = await this.way(other, true);
        way.list = withLevels(way.list, (level) => Math.min(level, LIGHTER - 1) + LIGHTER);
        ways.push(way);
      }
      term.unite();
      if (/^[a-z0-9]{2,}$/.test(text) && /[a-z]/.test(text)) {
        if (!term.list.docs.length || SYLLABLES.test(text)) await this.bySound(term);
      }
    }

    async bySound(term) {
      const token = { kind: "sound", text: term.text };
      Object.assign(token, await this.rows(token));
      if (!token.rows.length) return;
      const list = withLevels(await this.tokenList(token), () => BY_SOUND);
      term.ways.push({ text: term.text, list, certain: true, sound: true });
      term.unite();
    }

    /** A term that finds nothing: in simpler characters, then its parts as words of their own. */
    async simplerTerms(term) {
      if (hasHan(term.text)) {
        const [from, to, doubtful, plain] = await this.files.get("traditional", json);
        for (const [keys, values] of [
          [from, to],
          [from + doubtful, to + plain],
        ]) {
          const simpler = new Map([...keys].map((key, i) => [key, [...values][i]]));
          const text = [...term.text].map((c) => simpler.get(c) || c).join("");
          if (text === term.text) continue;
          const other = await this.term({ text, quoted: term.quoted });
          if (other.list.docs.length) return [other];
        }
      }
      if (term.quoted || !term.text.includes(" ")) return [term];
      const parts = term.text.split(" ").map((text) => this.term({ text, quoted: false }));
      return Promise.all(parts);
    }

    // -- from candidates to hits

    async terms(asked) {
      const terms = await Promise.all(asked.map((term) => this.term(term)));
      const found = terms.map((term) => (term.list.docs.length ? [term] : this.simplerTerms(term)));
      return (await Promise.all(found)).flat();
    }

    /** The entries that hold all terms; `exact` is false where some may turn out not to. */
    async match(terms) {
      let found = together(terms, this.size);
      if (terms.every((term) => term.certain) || !found.docs.length) return { ...found, exact: true };
      if (found.docs.length > FEW) {
        for (const term of terms) {
          for (const way of term.ways) {
            if (!way.certain) await this.settle(way, term.quoted, found.docs);
          }
          term.unite();
        }
        found = together(terms, this.size);
      }
      if (terms.every((term) => term.certain)) return { ...found, exact: true };
      if (found.docs.length > FEW * 4) return { ...found, exact: false };
      const texts = await Promise.all([...found.docs].map((doc) => this.text(doc)));
      const held = new Set([...found.docs].filter((_, i) => holds(texts[i], terms)));
      return { ...only(found, held), exact: true };
    }

    /**
     * Keeps of a way's entries those that hold its text, if that costs little: places of its tokens
     * are looked at or, where there are none or few texts cost less, the texts.
     */
    async settle(way, quoted, among) {
      const candidates = intersection(way.list, { docs: among, levels: among }, (level) => level);
      const cost = this.placesCost(way);
      const reading = TEXT * (candidates.docs.length - FEW);
      const asking = PAIR * way.between.length;
      if (asking && Math.min(cost, reading) > asking) return this.settleBetween(way, quoted, among);
      const places = cost < reading && cost <= PLACES_BUDGET;
      const spots = places ? await Promise.all(way.tokens.map((token) => this.placesOf(token, candidates.docs))) : [];
      const [first, ...others] = way.tokens.map((token, i) => ({ at: token.at, spots: spots[i] }));
      const rare = way.tokens.flatMap((token) => token.rows.filter((row) => !row.places));
      const rarely = new Set((await Promise.all(rare.map((row) => this.list(row)))).flatMap(({ docs }) => [...docs]));
      const unsure = places
        ? candidates.docs.filter((doc) => rarely.has(doc) || !spots.every((known) => known.has(doc)))
        : candidates.docs;
      if (unsure.length > 4 * FEW) {
        if (way.between.length) await this.settleBetween(way, quoted, among);
        return;
      }
      const texts = await Promise.all([...unsure].map((doc) => this.text(doc)));
      const term = { quoted, ways: [way] };
      const held = new Set([...unsure].filter((_, i) => holds(texts[i], [term])));
      const inLine = (doc) =>
        first.spots
          .get(doc)
          .some((spot) => others.every(({ at, spots: known }) => known.get(doc).includes(spot + at - first.at)));
      const seen = new Set(unsure);
      way.list = kept(candidates, (doc) => (seen.has(doc) ? held.has(doc) : inLine(doc)));
      way.certain = true;
    }

    /** The pairs between narrow down first: they cost a shard each. */
    async settleBetween(way, quoted, among) {
      const { list } = await this.havingAll(way.between.splice(0), way.list);
      way.list = intersection(way.list, list, (level) => level);
      await this.settle(way, quoted, among);
    }

    /** Bytes, about, that the places of all tokens take. */
    placesCost({ tokens, loose }) {
      if (loose) return Infinity;
      const files = new Map();
      for (const token of tokens) {
        for (const row of token.rows)
          if (row.places) files.set(row.shard.placesOf(row).file, Math.max(row.places, HEAVY / 2));
      }
      return [...files.values()].reduce((a, b) => a + b, 0);
    }

    /** Where a token stands in each of some entries. */
    async placesOf(token, among) {
      const wanted = new Set(among);
      const found = new Map();
      for (const row of token.rows.filter(({ places }) => places)) {
        const { file, at } = row.shard.placesOf(row);
        const [list, bytes] = await Promise.all([this.list(row), this.files.get(file, plain)]);
        const reader = new Reader(bytes, at);
        for (const doc of list.docs) {
          const places = wanted.has(doc) ? found.get(doc) || [] : null;
          let place = 0;
          for (let more = 1; more;) {
            const step = reader.next();
            more = step & 1;
            place += step >>> 1;
            if (places) places.push(place);
          }
          if (places) found.set(doc, places);
        }
      }
      return found;
    }

    /** An entry with its texts, and the folded form of each. */
    async text(doc) {
      const known = this.texts.get(doc);
      if (known) return known;
      const { bits } = this.manifest.document;
      const rows = await this.files.get(`document/${(doc >>> bits).toString(16)}`, json);
      const [address, id, title, names, labels, summary, text, extras, sounds] = rows[doc & ((1 << bits) - 1)];
      const part = (value, sound) => new Part(this.folder, value, sound);
      const entry = {
        doc,
        address,
        id,
        extras,
        kind: this.kindOf(doc),
        title: part(title, sounds[0]),
        names: names.map((name, i) => part(name, sounds[i + 1])),
        labels: labels.map((label) => part(label)),
        summary: part(summary),
        paragraphs: text
          .split("\n")
          .filter(Boolean)
          .map((paragraph) => part(paragraph)),
      };
      this.texts.set(doc, entry);
      return entry;
    }

    // -- facets and order

    /** A facet's terms: `{slug, label, total, parent}`, the parent as its number or -1. */
    facet(name) {
      if (!this.manifest.facets.includes(name)) return Promise.resolve([]);
      return this.files.get(`facet/${name}`, (bytes) =>
        json(bytes).map(([slug, label, total, parent]) => ({ slug, label, total, parent })),
      );
    }

    /** Which case is under which terms, those above included: `at[case]` to `at[case + 1]`. */
    async column(name) {
      const terms = await this.facet(name);
      return this.files.get(`column/${name}`, (bytes) => {
        const reader = new Reader(bytes);
        const at = new Uint32Array(this.cases + 1);
        const values = [];
        for (let doc = 0; doc < this.cases; doc++) {
          for (let left = reader.next(); left > 0; left--) {
            for (let term = reader.next(); term >= 0; term = terms[term].parent) {
              if (!values.includes(term, at[doc])) values.push(term);
            }
          }
          at[doc + 1] = values.length;
        }
        return { at, values: Uint32Array.from(values) };
      });
    }

    /** The cases that pass all filters, and for each facet asked for what a click would give. */
    async narrowed(docs, filters, counted) {
      const chosen = [];
      for (const [name, slugs] of Object.entries(filters)) {
        const terms = await this.facet(name);
        const marks = terms.map(({ slug }) => slugs.includes(slug));
        if (marks.includes(true)) chosen.push({ name, marks, ...(await this.column(name)) });
      }
      const counts = new Map();
      for (const name of counted) {
        const tally = new Uint32Array((await this.facet(name)).length);
        if (tally.length) counts.set(name, { tally, ...(await this.column(name)) });
      }
      const passing = docs.filter((doc) => {
        let failed = null;
        for (const facet of chosen) {
          if (facet.values.subarray(facet.at[doc], facet.at[doc + 1]).some((term) => facet.marks[term])) continue;
          if (failed !== null) return false;
          failed = facet.name;
        }
        for (const [name, { tally, at, values }] of counts) {
          if (failed !== null && failed !== name) continue;
          for (let i = at[doc]; i < at[doc + 1]; i++) tally[values[i]]++;
        }
        return failed === null;
      });
      return { passing, counts: new Map([...counts].map(([name, { tally }]) => [name, tally])) };
    }

    /** Entries in the order asked for; their numbers are the order of titles. */
    async sorted(found, docs, sort) {
      if (sort === "title") return docs;
      let weight;
      if (sort === "newest" || sort === "evidence") {
        const column = await this.files.get(`order/${sort}`, (bytes) => {
          const reader = new Reader(bytes);
          return Uint32Array.from({ length: this.cases }, () => reader.next());
        });
        weight = (doc) => column[doc];
      } else {
        let at = 0;
        weight = (doc) => {
          while (found.docs[at] < doc) at++;
          return found.scores[at];
        };
      }
      // One number holds both: what weighs more comes first, then what comes first by title.
      // Loops: `from` takes four times as long, and there may be a hundred thousand.
      const keys = new Float64Array(docs.length);
      for (let i = 0; i < keys.length; i++) keys[i] = docs[i] - Math.round(weight(docs[i]) * 1024) * 2 ** 24;
      keys.sort();
      const sorted = new Uint32Array(keys.length);
      for (let i = 0; i < keys.length; i++) sorted[i] = ((keys[i] % 2 ** 24) + 2 ** 24) % 2 ** 24;
      return sorted;
    }

    // -- answers

    /**
     * @param {{query?: string, scope?: "cases"|"all", filters?: Object<string, string[]>,
     *   sort?: string, from?: number, size?: number, counts?: string[], each?: (kind: string) => number}} asked
     *   `each` says how many hits of a kind are wanted, if not all.
     */
    search(asked) {
      return this.retried(() =>
        this.answer({
          query: "",
          scope: "cases",
          filters: {},
          sort: "relevance",
          from: 0,
          size: 10,
          counts: [],
          ...asked,
        }),
      );
    }

    async answer({ query, scope, filters, sort, from, size, counts, each }) {
      const found = await this.found(query);
      const within = scope === "cases" ? found.docs.subarray(0, firstFrom(found.docs, this.cases, 0)) : found.docs;
      const narrowed = scope === "cases" ? await this.narrowed(within, filters, counts) : { passing: within };
      const order = sort === "relevance" && !found.scores ? "newest" : sort;
      const docs = await this.sorted(found, narrowed.passing, order);
      const hits = await this.hits(each ? this.ofEach(docs, each) : docs, found, from, size);
      return {
        total: docs.length,
        docs: narrowed.passing,
        exact: found.exact,
        hits,
        counts: narrowed.counts,
        instead:
          within.length || !found.scores
            ? null
            : await this.instead(found, scope === "cases" ? this.cases : this.size),
        words: found.terms.map((term) => term.raw || term.text),
      };
    }

    async found(query) {
      const asked = parsed(query, this.folder);
      if (!asked.length) {
        const size = String(query).trim() ? 0 : this.cases;
        return { docs: Uint32Array.from({ length: size }, (_, i) => i), exact: true, terms: [] };
      }
      const key = JSON.stringify(asked);
      let found = this.answers.get(key);
      if (!found) {
        const terms = await this.terms(asked);
        found = { ...(await this.match(terms)), terms };
        this.answers.set(key, found);
      }
      return found;
    }

    /** The first entries of each kind, in their order. */
    ofEach(docs, each) {
      const left = new Map(this.kinds.map(({ kind }) => [kind, each(kind)]));
      return docs.filter((doc) => {
        const kind = this.kindOf(doc);
        left.set(kind, left.get(kind) - 1);
        return left.get(kind) >= 0;
      });
    }

    /** Hits from a place in the order on; an uncertain one that fails leaves room for the next. */
    async hits(docs, { exact, terms }, from, size) {
      const hits = [];
      const last = () => from + (hits.length ? 5 : 20) * size;
      for (let at = Math.max(0, from); hits.length < size && at < docs.length && at < last();) {
        const batch = docs.slice(at, at + size - hits.length);
        const entries = await Promise.all([...batch].map((doc) => this.text(doc)));
        at += batch.length;
        hits.push(...entries.filter((entry) => exact || holds(entry, terms)).map((entry) => hit(entry, terms)));
      }
      return hits;
    }

    /** When nothing is found: other pages that have it, the nearest titles, the query cut shorter. */
    async instead(found, until) {
      const { terms } = found;
      const elsewhere = await this.hits(await this.sorted(found, found.docs, "relevance"), found, 0, 5);
      const near = new Map();
      await Promise.all(
        terms
          .flatMap((term) => [...pairsOf(term.text)])
          .slice(0, 40)
          .map(async (text) => {
            const { rows } = await this.rows({ kind: hasHan(text) ? "gram" : "prefix", text });
            for (const row of rows.slice(0, 20)) {
              const { docs, levels } = await this.list(row);
              docs.forEach((doc, i) => levels[i] === 0 && near.set(doc, (near.get(doc) || 0) + 1 / row.count));
            }
          }),
      );
      const best = [...near]
        .filter(([doc]) => doc < until)
        .sort((a, b) => b[1] - a[1] || a[0] - b[0])
        .slice(0, 5);
      const nearest = await Promise.all(best.map(async ([doc]) => hit(await this.text(doc), [])));
      return { elsewhere, nearest, without: await this.withoutRarest(terms, until), apart: await this.apart(terms, until) };
    }

    /** What stands together and finds nothing, cut in two where both parts are found. */
    async apart(terms, until) {
      const [term] = terms.filter(({ list }) => !list.docs.length);
      const characters = [...(term ? term.text : "")];
      if (!term || terms.length > 1 || !hasHan(term.text)) return null;
      const middle = characters.length / 2;
      const cuts = characters
        .map((_, cut) => cut)
        .slice(2, -1)
        .sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
      for (const cut of cuts.slice(0, 6)) {
        const texts = [characters.slice(0, cut).join(""), characters.slice(cut).join("")];
        const { docs } = await this.match(await Promise.all(texts.map((text) => this.term({ text, quoted: false }))));
        if (docs[0] < until) return { query: texts.join(" "), total: firstFrom(docs, until, 0) };
      }
      return null;
    }

    async withoutRarest(terms, until) {
      const rest = [...terms].sort((a, b) => a.list.docs.length - b.list.docs.length);
      while (rest.length > 1) {
        rest.shift();
        const { docs } = await this.match(rest);
        const words = terms.filter((term) => rest.includes(term)).map(written);
        const query = [...new Set(words)].join(" ");
        if (docs[0] < until) return { query, total: firstFrom(docs, until, 0) };
      }
      return null;
    }
  }

  const written = (term) => (term.quoted ? `"${term.text}"` : term.text);

  /** What of a term a title may still have: its pairs, or the beginning of its words. */
  function* pairsOf(text) {
    for (const piece of text.split(" ")) {
      const characters = [...piece];
      if (!hasHan(piece)) yield characters.slice(0, 4).join("");
      else for (let i = 1; i < characters.length; i++) yield characters[i - 1] + characters[i];
    }
  }

  /** The entries that all terms have, and what they weigh together. */
  function together(terms, size) {
    const lists = terms.map((term) => term.list).sort((a, b) => a.docs.length - b.docs.length);
    const all = lists.reduce((a, b) => intersection(a, b, (level) => level));
    const scores = new Float32Array(all.docs.length);
    for (const list of lists) {
      const rarity = Math.log(1 + size / Math.max(1, list.docs.length));
      const { levels } = intersection(all, list, (_, level) => level);
      for (let i = 0; i < scores.length; i++) scores[i] += rarity * WEIGHTS[levels[i]];
    }
    return { docs: all.docs, scores };
  }

  function only({ docs, scores }, held) {
    const places = [...docs.keys()].filter((i) => held.has(docs[i]));
    return { docs: Uint32Array.from(places, (i) => docs[i]), scores: Float32Array.from(places, (i) => scores[i]) };
  }

  const partsOf = (entry) => [entry.title, ...entry.names, ...entry.labels, entry.summary, ...entry.paragraphs];

  function holds(entry, terms) {
    const parts = partsOf(entry);
    return terms.every((term) => parts.some((part) => rangesIn(part, [term]).length > 0));
  }

  /** Where a text shows the terms, in its own units. */
  function rangesIn(part, terms) {
    const { value, sound, folded } = part;
    const ranges = [];
    for (const { quoted, ways } of terms) {
      for (const way of ways) {
        if (way.sound) ranges.push(...spokenAt(value, sound, way.text));
        else for (const [from, to] of occurrences(folded, way.text, quoted)) ranges.push(part.range(from, to));
      }
    }
    return ranges;
  }

  const marked = (part, terms) => pieces(part.value, rangesIn(part, terms));

  /** What a page shows of an entry: texts in pieces, `{text, mark}`. */
  function hit(entry, terms) {
    const { doc, address, id, kind, extras } = entry;
    const has = (part) => rangesIn(part, terms).length > 0;
    return {
      doc,
      address,
      id,
      kind,
      extras,
      title: marked(entry.title, terms),
      summary: marked(entry.summary, terms),
      excerpt: excerpt([entry.summary, ...entry.paragraphs], terms),
      names: [...entry.names, ...entry.labels].filter(has).map((part) => marked(part, terms)),
    };
  }

  /** A stretch of the paragraph that shows most of the terms. */
  function excerpt(parts, terms) {
    let best = { part: parts[0], ranges: [], shown: 0 };
    for (const part of parts) {
      const shown = terms.filter((term) => rangesIn(part, [term]).length).length;
      if (shown > best.shown) best = { part, ranges: merged(rangesIn(part, terms)), shown };
    }
    const { value } = best.part;
    const length = hasHan(value) ? 96 : 190;
    if (value.length <= length * 1.25) return pieces(value, best.ranges);
    const middle = best.ranges.length ? best.ranges[0][0] : 0;
    let from = Math.floor(Math.max(0, Math.min(middle - length / 4, value.length - length)));
    // It begins after a pause and, where words are spaced, ends with a word.
    const pause = /[\s，。；、：！？,.;:!?]\s*/.exec(value.slice(from, middle));
    if (from > 0 && pause) from += pause.index + pause[0].length;
    const word = /\s\S{0,14}$/.exec(value.slice(from, from + length));
    const to = from + length >= value.length ? value.length : from + (word ? word.index : length);
    const cut = pieces(value, best.ranges, from, to);
    if (from > 0) cut.unshift({ text: "…", mark: false });
    if (to < value.length) cut.push({ text: "…", mark: false });
    return cut;
  }

  // ---------------------------------------------------------------- the door

  const opened = new Map();

  /** The index in a folder, whose address ends in a slash; opened once. */
  function open(base) {
    const address = new URL(base, document.baseURI).href;
    if (!opened.has(address)) {
      const files = new Files(address);
      const index = files.manifest(false).then((manifest) => new Index(files, manifest));
      index.catch(() => opened.delete(address));
      opened.set(address, index);
    }
    return opened.get(address);
  }

  window.CaseLibrarySearch = Object.freeze({ open, take, SearchError });
})();
