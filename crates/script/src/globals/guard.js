// Puts an end to the steps of the engine that no interrupt reaches.
//
// QuickJS asks whether to stop between its own steps. A few functions of the language work through all of their input in one step:
// `join` on an array whose length is 2³², `indexOf` of a long text in a longer one, `sort` on a typed array. Each is replaced by one
// that first looks at how much there is to do, refuses what has no end, and lets the clock be looked at when much was done.
const { apply } = Reflect;
const { getPrototypeOf } = Object;
const { isArray } = Array;
const { isConcatSpreadable, replace, split } = Symbol;
const { floor, min } = Math;

// More elements than this fit into no memory that a run may have by default; a longer array is mostly holes.
const LONGEST = 16_777_216;

// Comparisons that one search may need at worst.
const MOST_COMPARISONS = 1e9;

// Elements between two looks at the clock.
const A_LOOK = 4_000_000;

export default function (native) {
  const { mustStop } = native;

  let done = 0;
  const charge = (amount) => {
    done += amount;
    if (done < A_LOOK) return;
    done = 0;
    // The loop is interrupted, and an interrupt can't be caught.
    if (mustStop()) for (;;);
  };

  const lengthOf = (list) => {
    const length = floor(+list.length);
    return length > 0 ? min(length, Number.MAX_SAFE_INTEGER) : 0;
  };

  const check = (list) => {
    const { length } = list;
    if (length > LONGEST) throw new RangeError(`the array is too long: ${length} elements, at most ${LONGEST} are possible`);
    charge(length);
  };

  // The elements of something like an array, read one by one, so that it can be interrupted.
  const copied = (list) => {
    const length = lengthOf(list);
    if (length > LONGEST) throw new RangeError(`the list is too long: ${length} elements, at most ${LONGEST} are possible`);
    const copy = [];
    copy.length = length;
    for (let i = 0; i < length; i++) if (i in list) copy[i] = list[i];
    return copy;
  };

  const written = (list, copy, before) => {
    const { length } = copy;
    for (let i = 0; i < length; i++) {
      if (i in copy) list[i] = copy[i];
      else delete list[i];
    }
    for (let i = length; i < before; i++) delete list[i];
    list.length = length;
  };

  // An assignment keeps what the property is: writable, and not listed.
  const replaced = (prototype, names, wrap) => {
    for (let i = 0; i < names.length; i++) {
      const name = names[i];
      prototype[name] = wrap(prototype[name], name);
    }
  };

  const object = (value) => {
    if (value === null || value === undefined) throw new TypeError("Cannot convert undefined or null to object");
    return Object(value);
  };

  const reading = (original, name) =>
    ({
      [name](...args) {
        let list = object(this);
        if (isArray(list)) check(list);
        else list = copied(list);
        return apply(original, list, args);
      },
    })[name];

  const changing = (original, name) =>
    ({
      [name](...args) {
        const list = object(this);
        if (isArray(list)) {
          check(list);
          return apply(original, list, args);
        }
        const copy = copied(list);
        const before = copy.length;
        const answer = apply(original, copy, args);
        written(list, copy, before);
        return answer === copy ? list : answer;
      },
    })[name];

  replaced(Array.prototype, ["join", "slice", "toLocaleString", "toReversed", "toSorted", "toSpliced", "with"], reading);
  replaced(Array.prototype, ["copyWithin", "reverse", "shift", "sort", "splice", "unshift"], changing);

  const spread = (value) => {
    if (value === null || typeof value !== "object") return value;
    const wish = value[isConcatSpreadable];
    if (isArray(value)) {
      check(value);
      return value;
    }
    return wish ? copied(value) : value;
  };
  replaced(Array.prototype, ["concat"], (original, name) =>
    ({
      [name](...args) {
        for (let i = 0; i < args.length; i++) args[i] = spread(args[i]);
        return apply(original, spread(object(this)), args);
      },
    })[name],
  );

  const flatten = (target, list, depth) => {
    const length = lengthOf(list);
    for (let i = 0; i < length; i++) {
      if (!(i in list)) continue;
      const element = list[i];
      if (depth > 0 && isArray(element)) flatten(target, element, depth - 1);
      else target[target.length] = element;
    }
    return target;
  };
  replaced(Array.prototype, ["flat"], (_, name) => ({
    [name](depth = 1) {
      return flatten([], object(this), floor(+depth) || 0);
    },
  })[name]);

  const TypedArray = getPrototypeOf(Uint8Array);
  const typed = (original, name) =>
    ({
      [name](...args) {
        const { length } = this;
        // Sorting compares an element some twenty times.
        charge(length > 0 ? length * (name === "sort" || name === "toSorted" ? 20 : 1) : 0);
        return apply(original, this, args);
      },
    })[name];
  replaced(
    TypedArray.prototype,
    ["copyWithin", "fill", "includes", "indexOf", "join", "lastIndexOf", "reverse", "set", "slice", "sort", "toReversed", "toSorted", "with"],
    typed,
  );

  const search = (text, pattern) => {
    if (text.length * pattern.length > MOST_COMPARISONS) throw new RangeError("the texts are too long to search one for the other");
    charge(text.length);
  };
  const text = (value) => {
    if (value === null || value === undefined) throw new TypeError("String.prototype method called on null or undefined");
    return `${value}`;
  };
  const searching = (symbol) => (original, name) =>
    ({
      [name](pattern, ...args) {
        if (symbol !== undefined && pattern !== null && typeof pattern === "object" && pattern[symbol] !== undefined) {
          return apply(original, this, [pattern, ...args]);
        }
        const subject = text(this);
        if (symbol === undefined && pattern instanceof RegExp) return apply(original, subject, [pattern, ...args]);
        if (pattern === undefined) return apply(original, subject, args.length === 0 ? [] : [pattern, ...args]);
        const wanted = `${pattern}`;
        search(subject, wanted);
        return apply(original, subject, [wanted, ...args]);
      },
    })[name];
  replaced(String.prototype, ["includes", "indexOf", "lastIndexOf"], searching(undefined));
  replaced(String.prototype, ["split"], searching(split));
  replaced(String.prototype, ["replace", "replaceAll"], searching(replace));
}
