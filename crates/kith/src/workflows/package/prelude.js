// What a program finds without importing anything: `kinde`, and `fetch` where it was declared.
// The body of a function with the parameters `host` and `globals`. Nothing here decides: whatever a program does to these objects,
// the host judges each call by itself. What depends on the program is in the function that is returned.

let start;
const kinde = {};
globals.kinde = kinde;

const { stringify } = JSON;
const { hasOwnProperty } = Object.prototype;
const copy = (value) => (value === undefined ? undefined : JSON.parse(stringify(value)));
const isDeclared = (name) => hasOwnProperty.call(start.bindings, name);

// A declared binding is a plain property. An undeclared one tells the host that it was wanted, so that the failure which follows can
// name it; a lenient one is there all the same.
function provide(name, value, isLenient) {
  const key = name.slice("kinde.".length);
  if (isDeclared(name)) {
    Object.defineProperty(kinde, key, { value, enumerable: true, configurable: true, writable: true });
    return;
  }
  Object.defineProperty(kinde, key, {
    enumerable: false,
    configurable: true,
    get() {
      host("undeclared", name);
      return isLenient ? value : undefined;
    },
    set(other) {
      Object.defineProperty(kinde, key, { value: other, enumerable: true, configurable: true, writable: true });
    },
  });
}

const FORM = "application/x-www-form-urlencoded";

function pairs(headers) {
  if (headers === undefined || headers === null) return [];
  if (Array.isArray(headers)) return headers;
  if (typeof headers.entries === "function") return [...headers.entries()];
  return Object.entries(headers);
}

// A call as the host wants it: the body is text by now.
function request(url, options) {
  const given = options ?? {};
  const headers = [];
  let contentType = "";
  for (const [name, value] of pairs(given.headers)) {
    if (value === undefined || value === null) continue;
    headers.push([String(name), String(value)]);
    if (String(name).toLowerCase() === "content-type") contentType = String(value).toLowerCase();
  }
  const typed = (type) => {
    if (contentType === "") headers.push(["content-type", type]);
  };
  let body = given.body ?? null;
  if (body !== null && typeof body === "object") {
    // Looked up here: making the class takes longer than most programs.
    const { URLSearchParams } = globals;
    if (body instanceof URLSearchParams) {
      body = body.toString();
      typed(FORM);
    } else if (contentType.includes(FORM)) {
      const said = Object.entries(body).filter(([, value]) => value !== undefined);
      body = new URLSearchParams(said.map(([name, value]) => [name, String(value)])).toString();
    } else {
      body = stringify(body);
      typed("application/json");
    }
  } else if (body !== null) {
    body = String(body);
  }
  return {
    url: String(url),
    method: given.method === undefined ? "GET" : String(given.method).toUpperCase(),
    headers,
    body,
    responseFormat: given.responseFormat ?? null,
    aws: given.aws ?? null,
  };
}

// Answers at once, with one shape that serves all who look at it: `.ok` and `.status`, `.json`, `.text`, `.data`.
function answer(found) {
  const json = found.hasJson ? found.json : undefined;
  return {
    ok: found.ok,
    status: found.status,
    statusText: found.statusText,
    headers: found.headers,
    json,
    text: found.text,
    data: json === undefined ? found.text : json,
  };
}

const call = (url, options) => answer(host("fetch", request(url, options)));
const callSecurely = (url, options) => answer(host("secureFetch", request(url, { method: "POST", ...options })));

// The value with its name; as a text it is the value alone.
function read(key) {
  const found = host("env", String(key));
  if (found === null) return undefined;
  Object.defineProperty(found, "toString", { value: () => found.value, enumerable: false });
  return found;
}

const deny = { denyAccess: (reason) => void host("deny", String(reason ?? "")) };
const widget = {
  invalidateFormField: (field, message) => void host("invalidate", String(field), String(message ?? "")),
};
const mfa = { setEnforcementPolicy: (policy) => void host("mfa", String(policy)) };
const plan = {
  denySelection: (message, reasons) => void host("plan", "selection", message ?? null, copy(reasons ?? [])),
  denyCancellation: (message) => void host("plan", "cancellation", message ?? null, []),
};
const env = { get: read, getEnvironmentVariable: read };
const localization = { get: (key) => String(key) };

// The claims of a token, as the program adds to them.
function claimsOf(token) {
  let claims = start.claims[token] ?? {};
  const setCustomClaim = (key, value) => {
    if (host("claim", token, String(key), value ?? null)) claims = { ...claims, [key]: copy(value ?? null) };
  };
  return { setCustomClaim, getCustomClaims: () => copy(claims) };
}

let score = 0;
const risk = { setScore: (value) => void (score = Number(value)), getScore: () => score };
const cache = {
  // The signed token under this name while it is valid; else what `onMissingOrExpired` makes.
  async jwtToken(name, { validation, onMissingOrExpired }) {
    const key = validation?.key === undefined ? null : String(validation.key);
    const known = host("cache.get", String(name), key);
    if (known !== null) return known;
    const made = await onMissingOrExpired();
    host("cache.put", String(name), typeof made === "string" ? made : stringify(made ?? null));
    return made;
  },
};
const aws = { sign: (options) => host("sign", { ...request(options.url, options), aws: options }) };
for (const [key, value] of Object.entries({ risk, cache, aws })) {
  Object.defineProperty(kinde, key, { value, enumerable: false, configurable: true, writable: true });
}

// What our own package stands on, whatever a program declares.
Object.defineProperty(kinde, Symbol.for("kinde.internals"), { value: { fetch: call, env: read, cache } });

return () => {
  start = host("start");
  provide("kinde.fetch", call, true);
  provide("kinde.secureFetch", callSecurely, false);
  provide("kinde.env", env, true);
  provide("kinde.idToken", claimsOf("id"), false);
  provide("kinde.accessToken", claimsOf("access"), false);
  provide("kinde.m2mToken", claimsOf("m2m"), false);
  provide("kinde.auth", deny, false);
  provide("kinde.widget", widget, false);
  provide("kinde.mfa", mfa, false);
  provide("kinde.plan", plan, false);
  provide("kinde.localization", localization, false);
  provide("kinde.ssoSession", {}, false);
  if (isDeclared("kinde.fetch")) {
    // Some published programs call `fetch` without importing it, and mean the one of the package.
    globals.fetch = async (url, options) => call(url, options);
  }
};
