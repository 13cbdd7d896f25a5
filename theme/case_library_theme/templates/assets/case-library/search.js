/* The search engine of a case library: reads the index that `case_library.search` writes.
 *
 * A classic script without dependencies, so that it runs over file:// and under
 * `script-src 'self'`. The files it reads are described in docs/search-format.md.
 * Nothing here touches the page: results are data, matches are pieces of text, never HTML.
 */
(() => {
  "use strict";

  const FORMAT = 1;
  const CASE = "case";
  const QUERY_LIMIT = 400;
  const TERM_LIMIT = 16;
  /** So few candidates are compared with their texts, which are shown anyway. */
  const FEW = 10;
  /** Bytes of places that one query may ask for to make its count exact. */
  const PLACES_BUDGET = 160 * 1024;
  /** Lists longer than this stand in files of their own; `shards.py` says the same. */
  const HEAVY = 12 * 1024;
  const SHARDS_KEPT = 600;
  const LISTS_KEPT = 60;
  const TEXTS_KEPT = 200;
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
      this.kept = new Recent(SHARDS_KEPT);
    }

    /** The manifest; `fresh` goes past caches when its shards are of another build. */
    async manifest(fresh) {
      const url = `${this.base}manifest.js${fresh ? `?t=${Date.now()}` : ""}`;
      const taken = await load(url);
      const manifest = JSON.parse(decoder.decode(await unpacked(taken, url)));
      if (manifest.format !== FORMAT) throw new SearchError("unsupported", url);
      this.stamp = taken.stamp;
      return manifest;
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
      const url = `${this.base}${name}.js?v=${this.stamp}`;
      const taken = await load(url);
      if (taken.stamp !== this.stamp) throw new SearchError("stale", url);
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

    text(length) {
      const start = this.at;
      this.at += length;
      return decoder.decode(this.bytes.subarray(start, this.at));
    }
  }

  /** The head of a shard: where each token's list and places stand. */
  function readShard(path, withPlaces, parts) {
    return (bytes) => {
      const reader = new Reader(bytes);
      const tokens = new Map();
      const inOrder = [];
      for (let left = reader.next(), index = 0; left > 0; left--, index++) {
        const token = reader.text(reader.next());
        const row = { path, index, token, count: reader.next(), length: reader.next() };
        row.places = withPlaces ? reader.next() : 0;
        tokens.set(token, row);
        inOrder.push(row);
      }
      let at = reader.at;
      for (const row of inOrder) {
        if (row.length > HEAVY) continue;
        row.bytes = bytes.subarray(at, at + row.length);
        at += row.length;
      }
      if (at !== bytes.length) throw new RangeError("not the length of a shard");
      return { path, tokens, inOrder, parts, placed: false };
    };
  }

  /** Notes where in which file the places of each token of a shard stand. */
  function placeTokens(shard) {
    if (shard.placed) return;
    const ends = new Array(1 << shard.parts).fill(0);
    for (const row of shard.inOrder) {
      if (row.places > HEAVY) {
        row.placesFile = `${row.path}-${row.index.toString(16)}-places`;
        row.placesAt = 0;
        continue;
      }
      const part = (spread(row.token.split("\t")[0]) >>> 16) & (ends.length - 1);
      row.placesFile = `${row.path}-places-${part.toString(16)}`;
      row.placesAt = ends[part];
      ends[part] += row.places;
    }
    shard.placed = true;
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
  const LETTER = new RegExp(`[\\p{L}\\p{N}${MARKS}${HAN}]`, "u");
  const INVISIBLE =
    /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]/u;
  const IDEOGRAPH = /[\u3400-\u4dbf\u4e00-\u9fff\u{20000}-\u{3ffff}]/u;
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

    /** Folded text, and for each of its units where in the text it begins and ends. */
    fold(text) {
      const units = [];
      let at = 0;
      for (const character of text) {
        const end = at + character.length;
        for (const part of this.character(character)) units.push([part, at, end]);
        at = end;
      }
      let folded = "";
      const starts = [];
      const ends = [];
      for (let i = 0; i < units.length; ) {
        let next = i;
        let kind = "";
        while (next < units.length && " \n\x1f".includes(units[next][0])) kind += units[next++][0];
        if (next === i) {
          const [part, start, end] = units[i++];
          folded += part;
          for (let n = 0; n < part.length; n++) {
            starts.push(start);
            ends.push(end);
          }
          continue;
        }
        const blank = !kind.includes("\n") && !kind.includes(POINT);
        const beside =
          blank && (i === 0 || next === units.length || hasHan(units[i - 1][0]) || hasHan(units[next][0]));
        if (!beside && folded && next < units.length) {
          folded += kind.includes("\n") ? "\n" : " ";
          starts.push(units[i][1]);
          ends.push(units[next - 1][2]);
        }
        i = next;
      }
      return { folded, starts, ends };
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

