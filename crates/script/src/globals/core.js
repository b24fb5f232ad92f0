// Runs before each program, with the functions of `native.rs`. What it needs of the language it takes now, before the program can
// change it.
const { defineProperty } = Object;
const { apply } = Reflect;
const { toWellFormed } = String.prototype;

export default function install(globals, native) {
  const { print, schedule, unschedule, load } = native;

  const loaded = { __proto__: null };
  const need = (group) => (loaded[group] ??= load(group));

  need("guard");

  const define = (name, value) =>
    defineProperty(globals, name, { __proto__: null, value, writable: true, enumerable: false, configurable: true });

  // Defined at the first touch: making a dozen classes costs more than most runs.
  const lazily = (group, names) => {
    for (let i = 0; i < names.length; i++) {
      const name = names[i];
      defineProperty(globals, name, {
        __proto__: null,
        get() {
          const value = need(group)[name];
          define(name, value);
          return value;
        },
        set(value) {
          define(name, value);
        },
        enumerable: false,
        configurable: true,
      });
    }
  };

  // Atomics.wait would put the thread to sleep beyond every limit.
  delete globals.Atomics;
  delete globals.SharedArrayBuffer;
  delete globals.eval;

  lazily("url", ["URL", "URLSearchParams"]);
  lazily("encoding", ["TextEncoder", "TextDecoder", "atob", "btoa"]);
  lazily("crypto", ["crypto", "CryptoKey"]);
  lazily("clone", ["structuredClone"]);

  let indent = "";
  const line = (level, args) => {
    const text = args.length === 1 && typeof args[0] === "string" ? args[0] : need("inspect").format(args);
    print(level, apply(toWellFormed, indent === "" ? text : need("inspect").indented(text, indent), []));
  };
  const counts = { __proto__: null };
  const console = {
    debug: (...args) => line(0, args),
    trace: (...args) => line(0, args),
    log: (...args) => line(1, args),
    dir: (value) => line(1, [value]),
    table: (value) => line(1, [value]),
    info: (...args) => line(2, args),
    warn: (...args) => line(3, args),
    error: (...args) => line(4, args),
    assert: (holds, ...args) => {
      if (!holds) line(4, args.length ? ["Assertion failed:", ...args] : ["Assertion failed"]);
    },
    count: (label = "default") => line(1, [`${label}: ${(counts[label] = (counts[label] ?? 0) + 1)}`]),
    group: (...args) => {
      if (args.length) line(1, args);
      if (indent.length < 40) indent += "  ";
    },
    groupEnd: () => {
      indent = need("inspect").shorter(indent);
    },
  };
  define("console", console);

  const timers = { __proto__: null };
  let last = 0;
  const start = (callback, delay, args, repeats) => {
    if (typeof callback !== "function") throw new TypeError("the callback must be a function");
    const id = ++last;
    const ms = +delay;
    timers[id] = { callback, args, ms: ms >= 1 ? ms : 1, repeats };
    schedule(id, ms >= 1 ? ms : 1);
    return id;
  };
  const stop = (id) => {
    if (timers[id] === undefined) return;
    delete timers[id];
    unschedule(+id);
  };
  define("setTimeout", (callback, delay, ...args) => start(callback, delay, args, false));
  define("setInterval", (callback, delay, ...args) => start(callback, delay, args, true));
  define("clearTimeout", stop);
  define("clearInterval", stop);

  return {
    // Called by the event loop for a timer whose time has come.
    fire(id) {
      const timer = timers[id];
      if (timer === undefined) return;
      if (timer.repeats) schedule(id, timer.ms);
      else delete timers[id];
      apply(timer.callback, undefined, timer.args);
    },
    // Calls the program.
    async invoke(exported, event) {
      if (typeof exported === "function") return await exported(event);
      const name = exported === null || typeof exported !== "object" ? undefined : method(exported);
      return await exported[name](event);
    },
    isCallable: (exported) =>
      typeof exported === "function" || (exported !== null && typeof exported === "object" && method(exported) !== undefined),
  };
}

// The one function of an object; or, of several, the one with a usual name.
function method(object) {
  let only;
  let count = 0;
  for (const name in object) {
    if (typeof object[name] === "function") {
      only = name;
      count++;
    }
  }
  if (count === 1) return only;
  for (const name of ["default", "run", "handler", "handle"]) if (typeof object[name] === "function") return name;
}
