// Runs CommonJS modules: https://nodejs.org/api/modules.html
const { apply } = Reflect;
const defined = { __proto__: null };
const loaded = { __proto__: null };

export function define(name, requires, body) {
  defined[name] = { requires, body };
}

export function load(name) {
  const known = loaded[name];
  if (known !== undefined) return known.exports;
  const { requires, body } = defined[name];
  const module = (loaded[name] = { exports: {}, id: name, filename: name, loaded: false });
  const require = (specifier) => {
    const found = requires[specifier];
    if (found === undefined) {
      const error = new Error(`cannot find module '${specifier}', which ${name} requires`);
      error.code = "MODULE_NOT_FOUND";
      throw error;
    }
    return found();
  };
  try {
    apply(body, module.exports, [module.exports, require, module, { env: { NODE_ENV: "production" } }]);
  } catch (error) {
    delete loaded[name];
    throw error;
  }
  module.loaded = true;
  return module.exports;
}

// The default import of a module: what was an ES module before it was compiled has one of its own.
export const standard = (value) => (value !== null && typeof value === "object" && value.__esModule ? value.default : value);
