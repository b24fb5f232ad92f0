// Prints values as Node's console does: https://nodejs.org/api/util.html#utilinspectobject-options, with its defaults
// (depth 2, lines of 80 characters, 100 elements), and with an end to what one line may cost.
const WIDTH = 80;
const DEPTH = 2;
const ELEMENTS = 100;
const KEYS = 1000;
const STRING = 10_000;
const TOTAL = 100_000;

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
const ESCAPES = { __proto__: null, "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", "\\": "\\\\" };
const TypedArray = Object.getPrototypeOf(Uint8Array);

export default function (native) {
  const quote = (text) => {
    let rest = "";
    if (text.length > STRING) {
      const more = text.length - STRING;
      rest = `... ${more} more character${more > 1 ? "s" : ""}`;
      text = text.slice(0, STRING);
    }
    const mark = !text.includes("'") ? "'" : !text.includes('"') ? '"' : !text.includes("`") && !text.includes("${") ? "`" : "'";
    const escaped = text.replace(/[\0-\x1f\x7f\\'"`]/g, (c) => {
      if (c === "'" || c === '"' || c === "`") return c === mark ? `\\${c}` : c;
      return ESCAPES[c] ?? `\\x${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
    });
    return mark + escaped + mark + rest;
  };

  const primitive = (value) => {
    if (typeof value === "string") return quote(value);
    if (typeof value === "bigint") return `${value}n`;
    if (Object.is(value, -0)) return "-0";
    return String(value);
  };

  const key = (name) => {
    if (typeof name === "symbol") return `[${String(name)}]`;
    return IDENTIFIER.test(name) ? name : quote(name);
  };

  const classOf = (value) => {
    for (let at = value; at !== null; at = Object.getPrototypeOf(at)) {
      const constructor = Object.getOwnPropertyDescriptor(at, "constructor")?.value;
      if (typeof constructor === "function" && constructor.name !== "") return constructor.name;
    }
    return null;
  };

  const ofFunction = (value) => {
    const name = typeof value.name === "string" && value.name !== "" ? value.name : null;
    const kind = classOf(value) ?? "Function";
    const isClass = Object.getOwnPropertyDescriptor(value, "prototype")?.writable === false && kind === "Function";
    if (isClass) {
      const above = Object.getPrototypeOf(value)?.name;
      return `[class ${name ?? "(anonymous)"}${above ? ` extends ${above}` : ""}]`;
    }
    return name === null ? `[${kind} (anonymous)]` : `[${kind}: ${name}]`;
  };

  const ofError = (error) => {
    const name = String(error.name ?? "Error");
    const message = String(error.message ?? "");
    const head = message === "" ? name : `${name}: ${message}`;
    const stack = typeof error.stack === "string" ? native.stack(error.stack) : "";
    return stack === "" ? `[${head}]` : `${head}\n${stack}`;
  };

  // Many short elements stand in columns.
  const inColumns = (state, output, hasMore, isNumeric) => {
    const length = hasMore ? output.length - 1 : output.length;
    let total = 0;
    let longest = 0;
    for (let i = 0; i < length; i++) {
      total += output[i].length + 2;
      longest = Math.max(longest, output[i].length);
    }
    const cell = longest + 2;
    if (cell * 3 + state.indent >= WIDTH || (total / cell <= 5 && longest > 6)) return output;
    const biased = Math.max(cell - 3 - Math.sqrt(cell - total / output.length), 1);
    const columns = Math.min(
      Math.round(Math.sqrt(2.5 * biased * length) / biased),
      Math.floor((WIDTH - state.indent) / cell),
      12,
      15,
    );
    if (columns <= 1) return output;
    const widths = [];
    for (let column = 0; column < columns; column++) {
      let width = 0;
      for (let i = column; i < length; i += columns) width = Math.max(width, output[i].length);
      widths.push(width + 2);
    }
    const rows = [];
    for (let row = 0; row < length; row += columns) {
      const end = Math.min(row + columns, length);
      let text = "";
      for (let i = row; i < end - 1; i++) {
        const element = `${output[i]}, `;
        text += isNumeric ? element.padStart(widths[i - row]) : element.padEnd(widths[i - row]);
      }
      text += isNumeric ? output[end - 1].padStart(widths[end - 1 - row] - 2) : output[end - 1];
      rows.push(text);
    }
    if (hasMore) rows.push(output[length]);
    return rows;
  };

  const assemble = (state, depth, output, prefix, [open, close], list) => {
    const head = prefix === "" ? open : `${prefix} ${open}`;
    if (output.length === 0) return `${head}${close}`;
    let rows = output;
    if (list !== undefined && output.length > 6) rows = inColumns(state, output, list.hasMore, list.isNumeric);
    if (state.deepest - depth < 3 && rows === output) {
      let length = output.length + state.indent + head.length + 10 + output.length;
      for (const one of output) length += one.length;
      if (length <= WIDTH + output.length) {
        const joined = output.join(", ");
        if (!joined.includes("\n")) return `${head} ${joined} ${close}`;
      }
    }
    const margin = `\n${" ".repeat(state.indent)}`;
    return `${head}${margin}  ${rows.join(`,${margin}  `)}${margin}${close}`;
  };

  const more = (left) => `... ${left} more item${left > 1 ? "s" : ""}`;

  const property = (state, value, name, depth) => {
    const { get, set, value: held } = Object.getOwnPropertyDescriptor(value, name) ?? {};
    let text;
    if (get !== undefined) text = set !== undefined ? "[Getter/Setter]" : "[Getter]";
    else if (set !== undefined) text = "[Setter]";
    else {
      state.indent += 2;
      text = format(state, held, depth + 1);
      state.indent -= 2;
    }
    return `${key(name)}: ${text}`;
  };

  const properties = (state, value, depth, skip) => {
    const names = [];
    for (const name of Reflect.ownKeys(value)) {
      if (skip !== undefined && skip(name)) continue;
      if (Object.getOwnPropertyDescriptor(value, name)?.enumerable) names.push(name);
    }
    const output = names.slice(0, KEYS).map((name) => property(state, value, name, depth));
    if (names.length > KEYS) output.push(more(names.length - KEYS));
    return output;
  };

  const nested = (state, value, depth) => {
    state.indent += 2;
    const text = format(state, value, depth + 1);
    state.indent -= 2;
    return text;
  };

  const isIndex = (name) => typeof name === "string" && /^\d+$/.test(name);

  const ofList = (state, value, depth, prefix) => {
    const output = [];
    let isNumeric = true;
    const end = Math.min(value.length, ELEMENTS);
    for (let i = 0; i < end; i++) {
      if (!(i in value)) {
        let empty = 1;
        while (i + 1 < value.length && !(i + 1 in value) && empty < KEYS) {
          i++;
          empty++;
        }
        output.push(`<${empty} empty item${empty > 1 ? "s" : ""}>`);
        isNumeric = false;
        continue;
      }
      isNumeric &&= typeof value[i] === "number" || typeof value[i] === "bigint";
      output.push(nested(state, value[i], depth));
    }
    const hasMore = value.length > ELEMENTS;
    if (hasMore) output.push(more(value.length - ELEMENTS));
    const elements = output.length;
    if (Array.isArray(value)) output.push(...properties(state, value, depth, isIndex));
    const list = elements === output.length ? { hasMore, isNumeric } : undefined;
    return assemble(state, depth, output, prefix, ["[", "]"], list);
  };

  const ofCollection = (state, value, depth, name, entry) => {
    const output = [];
    for (const one of value) {
      if (output.length === ELEMENTS) {
        output.push(more(value.size - ELEMENTS));
        break;
      }
      output.push(entry(one));
    }
    return assemble(state, depth, output, `${name}(${value.size})`, ["{", "}"]);
  };

  const ofObject = (state, value, depth) => {
    const name = classOf(value);
    if (Array.isArray(value)) return ofList(state, value, depth, name === "Array" ? "" : `${name}(${value.length})`);
    if (value instanceof Error) {
      const extra = properties(state, value, depth, (one) => one === "stack" || one === "message" || one === "name");
      if (value.cause !== undefined && !Object.prototype.propertyIsEnumerable.call(value, "cause")) {
        extra.push(`[cause]: ${nested(state, value.cause, depth)}`);
      }
      return extra.length === 0 ? ofError(value) : assemble(state, depth, extra, ofError(value), ["{", "}"]);
    }
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
    if (value instanceof RegExp) return String(value);
    if (value instanceof Map) {
      const entry = ([k, v]) => `${nested(state, k, depth)} => ${nested(state, v, depth)}`;
      return ofCollection(state, value, depth, name, entry);
    }
    if (value instanceof Set) return ofCollection(state, value, depth, name, (one) => nested(state, one, depth));
    if (value instanceof TypedArray) return ofList(state, value, depth, `${name}(${value.length})`);
    if (value instanceof ArrayBuffer) {
      const bytes = new Uint8Array(value, 0, Math.min(value.byteLength, 50));
      const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
      return `ArrayBuffer { [Uint8Contents]: <${text}>, byteLength: ${value.byteLength} }`;
    }
    if (value instanceof Number || value instanceof String || value instanceof Boolean) {
      return `[${name}: ${primitive(value.valueOf())}]`;
    }
    if (value instanceof Promise) return "Promise { <unknown> }";
    if (name === "URL") return `URL { href: ${quote(String(value.href))} }`;
    if (name === "URLSearchParams") {
      const output = Array.from(value, ([k, v]) => `${quote(k)} => ${quote(v)}`);
      return assemble(state, depth, output, name, ["{", "}"]);
    }
    const tag = value[Symbol.toStringTag];
    let prefix = name === null ? "[Object: null prototype]" : name === "Object" ? "" : name;
    if (typeof tag === "string" && tag !== "" && tag !== name) prefix = `${name ?? "Object"} [${tag}]`;
    return assemble(state, depth, properties(state, value, depth), prefix, ["{", "}"]);
  };

  const format = (state, value, depth) => {
    if ((typeof value !== "object" && typeof value !== "function") || value === null) return primitive(value);
    if (state.left <= 0) return "...";
    if (state.above.includes(value)) {
      let at = state.circular.indexOf(value);
      if (at < 0) at = state.circular.push(value) - 1;
      return `[Circular *${at + 1}]`;
    }
    if (typeof value === "function" && Object.keys(value).length === 0) return ofFunction(value);
    if (depth > DEPTH) return Array.isArray(value) ? "[Array]" : `[${classOf(value) ?? "Object: null prototype"}]`;
    state.above.push(value);
    state.deepest = depth;
    let text;
    try {
      text =
        typeof value === "function"
          ? assemble(state, depth, properties(state, value, depth), ofFunction(value), ["{", "}"])
          : ofObject(state, value, depth);
    } finally {
      state.above.pop();
    }
    state.left -= text.length;
    const at = state.circular.indexOf(value);
    return at < 0 ? text : `<ref *${at + 1}> ${text}`;
  };

  const inspect = (value) => format({ indent: 0, deepest: 0, left: TOTAL, above: [], circular: [] }, value, 0);

  // https://nodejs.org/api/util.html#utilformatformat-args
  const substitute = (args) => {
    let used = 1;
    const text = args[0].replace(/%[sdifjoOc%]/g, (directive) => {
      if (directive === "%%") return used < args.length || args.length > 1 ? "%" : "%%";
      if (used >= args.length) return directive;
      const value = args[used++];
      switch (directive) {
        case "%s":
          return typeof value === "object" && value !== null ? inspect(value) : typeof value === "string" ? value : primitive(value);
        case "%d":
          return typeof value === "bigint" ? `${value}n` : typeof value === "symbol" ? "NaN" : primitive(Number(value));
        case "%i":
          return typeof value === "bigint" ? `${value}n` : typeof value === "symbol" ? "NaN" : primitive(parseInt(value, 10));
        case "%f":
          return typeof value === "symbol" ? "NaN" : primitive(parseFloat(value));
        case "%j":
          return JSON.stringify(value);
        case "%c":
          return "";
        default:
          return inspect(value);
      }
    });
    return { text, used };
  };

  return {
    format(args) {
      let output = "";
      let used = 0;
      if (typeof args[0] === "string" && args.length > 1) ({ text: output, used } = substitute(args));
      for (let i = used; i < args.length; i++) {
        if (i > 0) output += " ";
        output += typeof args[i] === "string" ? args[i] : inspect(args[i]);
      }
      return output;
    },
    indented: (text, indent) => indent + text.replaceAll("\n", `\n${indent}`),
    shorter: (indent) => indent.slice(2),
  };
}
