// https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializeinternal
const TypedArray = Object.getPrototypeOf(Uint8Array);
const ERRORS = { __proto__: null, Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

export default function () {
  const refuse = (what) => new DOMException(`${what} could not be cloned.`, "DataCloneError");

  const copy = (value, seen) => {
    if (typeof value === "symbol") throw refuse(String(value));
    if (typeof value === "function") throw refuse(`function ${value.name}`);
    if (typeof value !== "object" || value === null) return value;
    if (seen.has(value)) return seen.get(value);
    const remember = (made) => {
      seen.set(value, made);
      return made;
    };
    if (value instanceof Date) return remember(new Date(value.getTime()));
    if (value instanceof RegExp) return remember(new RegExp(value.source, value.flags));
    if (value instanceof Boolean || value instanceof Number || value instanceof String) return remember(Object(value.valueOf()));
    if (value instanceof ArrayBuffer) return remember(value.slice(0));
    if (value instanceof DataView) return remember(new DataView(copy(value.buffer, seen), value.byteOffset, value.byteLength));
    if (value instanceof TypedArray) return remember(new value.constructor(copy(value.buffer, seen), value.byteOffset, value.length));
    if (value instanceof Map) {
      const made = remember(new Map());
      for (const [k, v] of [...value]) made.set(copy(k, seen), copy(v, seen));
      return made;
    }
    if (value instanceof Set) {
      const made = remember(new Set());
      for (const one of [...value]) made.add(copy(one, seen));
      return made;
    }
    if (value instanceof Error) {
      const made = remember(new (ERRORS[value.name] ?? Error)(value.message));
      Object.defineProperty(made, "stack", { value: value.stack, writable: true, configurable: true });
      if ("cause" in value) Object.defineProperty(made, "cause", { value: copy(value.cause, seen), writable: true, configurable: true });
      return made;
    }
    if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet || value instanceof WeakRef) {
      throw refuse(`#<${value.constructor.name}>`);
    }
    const made = remember(Array.isArray(value) ? new Array(value.length) : {});
    for (const key of Object.keys(value)) {
      Object.defineProperty(made, key, { value: copy(value[key], seen), writable: true, enumerable: true, configurable: true });
    }
    return made;
  };

  return { structuredClone: (value) => copy(value, new Map()) };
}
