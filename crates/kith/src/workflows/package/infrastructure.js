// `@kinde/infrastructure` as workflows import it here: the same names, on the bindings of `kinde`.
// Where published programs and the published package disagree, both ways of writing work.

export const version = "0.11.1";

// Not there while the module is only looked at for its settings.
const internals = globalThis.kinde?.[Symbol.for("kinde.internals")];

export const WorkflowTrigger = {
  UserTokenGeneration: "user:tokens_generation",
  UserTokensGeneration: "user:tokens_generation",
  M2MTokenGeneration: "m2m:token_generation",
  M2MTokensGeneration: "m2m:token_generation",
  ExistingPasswordProvided: "user:existing_password_provided",
  UserExistingPasswordProvided: "user:existing_password_provided",
  NewPasswordProvided: "user:new_password_provided",
  UserNewPasswordProvided: "user:new_password_provided",
  NewUsernameProvided: "user:new_username_provided",
  UserNewUsernameProvided: "user:new_username_provided",
  PostAuthentication: "user:post_authentication",
  UserPostAuthentication: "user:post_authentication",
  UserPreRegistration: "user:pre_registration",
  PreRegistration: "user:pre_registration",
  UserPreMFA: "user:pre_mfa",
  PreMFA: "user:pre_mfa",
  PlanSelection: "user:plan_selection",
  UserPlanSelection: "user:plan_selection",
  PlanCancellationRequest: "user:plan_cancellation_request",
  UserPlanCancellationRequest: "user:plan_cancellation_request",
};

export const MFAPolicy = { Required: "required", Skip: "skip" };

function need(name, message) {
  const binding = globalThis.kinde?.[name];
  if (!binding) throw new Error(message);
  return binding;
}

const enable = (name) => `${name} binding not available, please add to workflow/page settings to enable`;

// Reads come from the claims; assigning a claim sets it in the token. Changing what lies inside a claim changes nothing.
function claimsOf(name, label) {
  const binding = need(name, enable(label));
  const claims = binding.getCustomClaims() ?? {};
  return new Proxy(claims, {
    set(target, key, value) {
      binding.setCustomClaim(key, value);
      target[key] = value;
      return true;
    },
  });
}

export const idTokenCustomClaims = () => claimsOf("idToken", "IdToken");
export const accessTokenCustomClaims = () => claimsOf("accessToken", "accessToken");
export const m2mTokenClaims = () => claimsOf("m2mToken", "m2mToken");
export const m2mTokenCustomClaims = m2mTokenClaims;

export function getEnvironmentVariable(key) {
  return need("env", enable("env")).get(key);
}

export function getLocalization(key) {
  return need("localization", enable("localization")).get(key);
}

export function denyAccess(reason) {
  need("auth", "auth binding not available").denyAccess(reason);
}

export function invalidateFormField(fieldName, message) {
  need("widget", "widget binding not available").invalidateFormField(fieldName, message);
}

export function setEnforcementPolicy(policy) {
  const message = "mfa binding not available, please add to workflow settings to enable";
  need("mfa", message).setEnforcementPolicy(policy);
}

export function denyPlanSelection(message, reasons) {
  const binding = need("plan", enable("plan"));
  if (typeof message !== "string" || message === "") throw new Error("Invalid message provided");
  binding.denySelection(message, reasons ?? []);
}

export function denyPlanCancellation(message) {
  const binding = need("plan", enable("plan"));
  if (typeof message !== "string" || message === "") throw new Error("Invalid message provided");
  binding.denyCancellation(message);
}

const asJson = (options) => ({ ...options, responseFormat: options?.responseFormat ?? "json" });
const withData = (found, { responseFormat }) => ({
  ...found,
  data: responseFormat === "json" ? found.json : found.text,
});

export async function fetch(url, options) {
  const wanted = asJson(options);
  return withData(await need("fetch", "fetch binding not available")(url, wanted), wanted);
}

export async function secureFetch(url, options) {
  const wanted = asJson(options);
  return withData(await need("secureFetch", "secureFetch binding not available")(url, wanted), wanted);
}

// A token with which a machine-to-machine application calls an API; kept until it expires.
export async function getM2MToken(tokenName, options) {
  const { clientId, clientSecret, domain, audience, scopes, skipCache } = options ?? {};
  if (!tokenName || !clientId || !clientSecret || !domain || !audience?.length) {
    throw new Error("getM2MToken: Missing required parameters");
  }
  const obtain = () => {
    try {
      const body = new URLSearchParams({
        audience: audience.join(" "),
        grant_type: "client_credentials",
        client_id: clientId,
        client_secret: clientSecret,
        scope: (scopes ?? []).join(" "),
      });
      const found = internals.fetch(`${domain}/oauth2/token`, { method: "POST", responseFormat: "json", body });
      if (!found.json?.access_token) {
        const why = found.json?.error_description ?? found.json?.error ?? `the answer has status ${found.status}`;
        throw new Error(`No access token returned (${why})`);
      }
      return found.json.access_token;
    } catch (error) {
      throw new Error(`getM2MToken: Failed to obtain token - ${error.message}`);
    }
  };
  if (skipCache) return obtain();
  const name = `${tokenName}:${clientId}`;
  const validation = { key: `${domain}/.well-known/jwks.json` };
  return internals.cache.jwtToken(name, { validation, onMissingOrExpired: obtain });
}

function credential(given, key, name, label) {
  const value = given ?? internals.env(key ?? name)?.value;
  if (!value) throw new Error(`${label} not set`);
  return value;
}

// `get("users", …)`, `get("/api/v1/users", …)` and `get({ endpoint: "users", params: … })` are the same.
function described(first, second, third) {
  const said = typeof first === "string" ? { endpoint: first, params: second, ...third } : { ...first };
  if (typeof said.endpoint !== "string") throw new TypeError("createKindeAPI: a call needs the endpoint, such as \"users\"");
  said.endpoint = said.endpoint.replace(/^\/+/, "").replace(/^api\/v1\//, "");
  return said;
}

function inQuery(endpoint, params) {
  if (params === undefined || params === null) return endpoint;
  const object = typeof params === "string" ? JSON.parse(params) : params;
  const said = Object.entries(object).filter(([, value]) => value !== undefined && value !== null);
  const query = new URLSearchParams(said.map(([name, value]) => [name, String(value)])).toString();
  return query === "" ? endpoint : `${endpoint}${endpoint.includes("?") ? "&" : "?"}${query}`;
}

// The answer under `data`, as the package gives it, and under its own names, as the published guides read it.
function told(method, endpoint, found) {
  const data = found.json;
  if (!found.ok) {
    const error = data?.errors?.[0];
    console.warn(`Kinde API: ${method} ${endpoint} answered ${found.status} ${error?.code ?? ""} ${error?.message ?? ""}`);
  }
  const fields = data !== null && typeof data === "object" && !Array.isArray(data) ? data : {};
  const user = fields.user ?? (typeof fields.id === "string" ? fields : undefined);
  return { ...fields, user, ok: found.ok, status: found.status, data };
}

export async function createKindeAPI(event, options) {
  if (typeof URLSearchParams === "undefined") throw new Error("url binding not available");
  const domain = event.context.domains.kindeDomain;
  const { clientId, clientSecret, clientIdKey, clientSecretKey, skipCache } = options ?? {};
  const token = await getM2MToken("internal_m2m_access_token", {
    clientId: credential(clientId, clientIdKey, "KINDE_WF_M2M_CLIENT_ID", "M2M client ID"),
    clientSecret: credential(clientSecret, clientSecretKey, "KINDE_WF_M2M_CLIENT_SECRET", "M2M client secret"),
    domain,
    audience: [`${domain}/api`],
    skipCache,
  });
  const caller = (method) => async (first, second, third) => {
    const { endpoint, params, contentType = "application/json" } = described(first, second, third);
    const isRead = method === "GET";
    const found = internals.fetch(`${domain}/api/v1/${isRead ? inQuery(endpoint, params) : endpoint}`, {
      method,
      responseFormat: "json",
      headers: { authorization: `Bearer ${token}`, "Content-Type": contentType, accept: "application/json" },
      body: isRead ? undefined : params,
    });
    return told(method, endpoint, found);
  };
  return {
    get: caller("GET"),
    post: caller("POST"),
    put: caller("PUT"),
    patch: caller("PATCH"),
    delete: caller("DELETE"),
  };
}

// Pages: each stands for what is put in its place when the page is served.
const slot = (text) => () => text;
export const getKindeWidget = slot("@cd65da2987c740d58961024aa4a27194@");
export const getKindeNonce = slot("@43dffdf2c22f40e9981303cb383f6fac@");
export const getKindeRequiredCSS = slot("@ce0ef44d50f6408985f00c04a85d8430@");
export const getKindeRequiredJS = slot("@8103c7ff23fe49edb9b0537d2927e74e@");
export const getKindeCSRF = slot("@0c654432670c4d0292c3a0bc3c533247@");
export const getKindeSwitchJS = slot("@bc178a068813415ca4760fc31a8bdb01@");
export const getKindeRegisterUrl = slot("@b1d3a51558e64036ad072b56ebae37f5@");
export const getKindeSignUpUrl = getKindeRegisterUrl;
export const getKindeLoginUrl = slot("@847681e125384709836f921deb311104@");
export const getKindeSignInUrl = getKindeLoginUrl;
export const getKindeThemeCode = slot("@09e41b34d7c04650aee6d26cafa152fc@");

const picture = (path) => (orgCode) => {
  const organization = orgCode ? `p_org_code=${encodeURIComponent(orgCode)}&` : "";
  return `${path}?${organization}cache=@8973ff883c2c40e1bad198b543e12b24@`;
};
export const getLogoUrl = picture("/logo");
export const getDarkModeLogoUrl = picture("/logo_dark");
export const getSVGFaviconUrl = picture("/favicon_svg");
export const getFallbackFaviconUrl = picture("/favicon_fallback");

const COLOR = /^(#[0-9a-f]{3}|#[0-9a-f]{6}|rgba?\([\d\s.,%/]+\))$/i;
const RADIUS = /^(0|\d+(\.\d+)?(%|px|rem|em))$/;

// CSS variables for the widget: colors and radii; anything else is refused, so that no style sheet can be broken by a value.
export function setKindeDesignerCustomProperties(properties) {
  return Object.entries(properties ?? {})
    .filter(([, value]) => value !== undefined && value !== null && value !== "")
    .map(([name, value]) => {
      const pattern = /radius$/i.test(name) ? RADIUS : COLOR;
      if (!pattern.test(String(value).trim())) throw new Error(`Invalid value for ${name}: ${value}`);
      const dashed = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      return `--kinde-designer-${dashed}: ${String(value).trim()};`;
    })
    .join("\n");
}
