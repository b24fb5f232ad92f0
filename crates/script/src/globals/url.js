// https://url.spec.whatwg.org/, parsed by the crate `url`.
export default function (native) {
  const HREF = 0, ORIGIN = 1, PROTOCOL = 2, USERNAME = 3, PASSWORD = 4, HOST = 5, HOSTNAME = 6, PORT = 7, PATHNAME = 8, SEARCH = 9, HASH = 10;
  const text = (value) => `${value}`.toWellFormed();
  // Lets a URL follow its search parameters without a public method.
  let follow;

  class URLSearchParams {
    #list = [];
    #url = null;

    static {
      follow = (params, url, search) => {
        params.#url = url;
        params.#list = native.parseForm(search);
      };
    }

    constructor(init = "") {
      if (init === null || (typeof init !== "object" && typeof init !== "function")) {
        const query = text(init);
        this.#list = native.parseForm(query.startsWith("?") ? query.slice(1) : query);
      } else if (typeof init[Symbol.iterator] === "function") {
        for (const pair of init) {
          const [name, value, ...rest] = pair;
          if (pair.length < 2 || rest.length > 0) throw new TypeError("each query pair must be an iterable [name, value]");
          this.#list.push(text(name), text(value));
        }
      } else {
        for (const name of Reflect.ownKeys(init)) {
          if (Object.prototype.propertyIsEnumerable.call(init, name)) this.#list.push(text(name), text(init[name]));
        }
      }
    }

    #changed() {
      if (this.#url !== null) this.#url.search = native.writeForm(this.#list);
    }

    #filter(keeps) {
      const list = [];
      for (let i = 0; i < this.#list.length; i += 2) {
        if (keeps(this.#list[i], this.#list[i + 1])) list.push(this.#list[i], this.#list[i + 1]);
      }
      this.#list = list;
    }

    get size() {
      return this.#list.length / 2;
    }

    append(name, value) {
      this.#list.push(text(name), text(value));
      this.#changed();
    }

    delete(name, value) {
      name = text(name);
      if (value !== undefined) value = text(value);
      this.#filter((n, v) => n !== name || (value !== undefined && v !== value));
      this.#changed();
    }

    get(name) {
      name = text(name);
      for (let i = 0; i < this.#list.length; i += 2) if (this.#list[i] === name) return this.#list[i + 1];
      return null;
    }

    getAll(name) {
      name = text(name);
      const values = [];
      for (let i = 0; i < this.#list.length; i += 2) if (this.#list[i] === name) values.push(this.#list[i + 1]);
      return values;
    }

    has(name, value) {
      const values = this.getAll(name);
      return value === undefined ? values.length > 0 : values.includes(text(value));
    }

    set(name, value) {
      name = text(name);
      value = text(value);
      let isSet = false;
      const list = [];
      for (let i = 0; i < this.#list.length; i += 2) {
        if (this.#list[i] !== name) list.push(this.#list[i], this.#list[i + 1]);
        else if (!isSet) {
          list.push(name, value);
          isSet = true;
        }
      }
      if (!isSet) list.push(name, value);
      this.#list = list;
      this.#changed();
    }

    sort() {
      const pairs = [...this].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      this.#list = pairs.flat();
      this.#changed();
    }

    forEach(callback, self) {
      for (const [name, value] of this) callback.call(self, value, name, this);
    }

    *entries() {
      for (let i = 0; i < this.#list.length; i += 2) yield [this.#list[i], this.#list[i + 1]];
    }

    *keys() {
      for (const [name] of this.entries()) yield name;
    }

    *values() {
      for (const [, value] of this.entries()) yield value;
    }

    [Symbol.iterator]() {
      return this.entries();
    }

    toString() {
      return native.writeForm(this.#list);
    }

    get [Symbol.toStringTag]() {
      return "URLSearchParams";
    }
  }

  class URL {
    #parts;
    #params;

    constructor(url, base) {
      this.#parts = native.parseUrl(text(url), base === undefined ? undefined : text(base));
      if (this.#parts === undefined) throw new TypeError(`Invalid URL: ${text(url)}`);
    }

    static canParse(url, base) {
      return native.parseUrl(text(url), base === undefined ? undefined : text(base)) !== undefined;
    }

    static parse(url, base) {
      return URL.canParse(url, base) ? new URL(url, base) : null;
    }

    #set(part, value) {
      this.#parts = native.changeUrl(this.#parts[HREF], part, text(value)) ?? this.#parts;
    }

    get href() {
      return this.#parts[HREF];
    }

    set href(value) {
      const parts = native.parseUrl(text(value), undefined);
      if (parts === undefined) throw new TypeError(`Invalid URL: ${text(value)}`);
      this.#parts = parts;
      this.#refresh();
    }

    get origin() {
      return this.#parts[ORIGIN];
    }

    get protocol() {
      return this.#parts[PROTOCOL];
    }

    set protocol(value) {
      this.#set("protocol", value);
    }

    get username() {
      return this.#parts[USERNAME];
    }

    set username(value) {
      this.#set("username", value);
    }

    get password() {
      return this.#parts[PASSWORD];
    }

    set password(value) {
      this.#set("password", value);
    }

    get host() {
      return this.#parts[HOST];
    }

    set host(value) {
      this.#set("host", value);
    }

    get hostname() {
      return this.#parts[HOSTNAME];
    }

    set hostname(value) {
      this.#set("hostname", value);
    }

    get port() {
      return this.#parts[PORT];
    }

    set port(value) {
      this.#set("port", value);
    }

    get pathname() {
      return this.#parts[PATHNAME];
    }

    set pathname(value) {
      this.#set("pathname", value);
    }

    get search() {
      return this.#parts[SEARCH];
    }

    set search(value) {
      this.#set("search", value);
      this.#refresh();
    }

    get hash() {
      return this.#parts[HASH];
    }

    set hash(value) {
      this.#set("hash", value);
    }

    get searchParams() {
      if (this.#params === undefined) {
        this.#params = new URLSearchParams();
        this.#refresh();
      }
      return this.#params;
    }

    #refresh() {
      if (this.#params !== undefined) follow(this.#params, this, this.#parts[SEARCH].slice(1));
    }

    toString() {
      return this.#parts[HREF];
    }

    toJSON() {
      return this.#parts[HREF];
    }

    get [Symbol.toStringTag]() {
      return "URL";
    }
  }

  return { URL, URLSearchParams };
}
