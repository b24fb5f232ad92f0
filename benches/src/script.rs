//! A workflow against what any run must do: make an engine with an empty context.
//!
//! The program has the size of a drip-feed workflow: sixty lines that import a package of two hundred, make a client through a proxy,
//! and call the host three times; the host answers at once.
//!
//! A *warm* run is what somebody waits for: the program is compiled, and a fresh engine was prepared before they came. What is done before
//! and after counts where many come at once, so it is told beside.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, ensure};
use script::{Cancel, Engine, Environment, Files, Host, HostError, Limits, Program};
use serde_json::{Value, json};

use crate::say;

const ROUNDS: u32 = 2_000;
const THREADS: u32 = 200;

pub(crate) fn run() -> Result<()> {
    let bare = each(ROUNDS, || {
        let runtime = rquickjs::Runtime::new()?;
        rquickjs::Context::full(&runtime).context("a context")?;
        Ok(())
    })?;
    let environment = environment();
    let program = compile(&environment)?;
    let Warm { before, run, after } = warm(&environment, &program)?;
    let cold = cold(&environment)?;
    let first = each(20, || answer(&compile(&self::environment())?))?;
    let began = Instant::now();
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..THREADS)
            .map(|_| scope.spawn(|| each(20, || answer(&program))))
            .collect();
        all.into_iter().try_for_each(|thread| {
            thread
                .join()
                .map_err(|_| anyhow!("a thread panicked"))?
                .map(drop)
        })
    })?;
    let n_cores = std::thread::available_parallelism()?.get();
    let many = began.elapsed() / (THREADS * 20);
    let us = |duration: Duration| duration.as_secs_f64() * 1e6;
    let times = |duration: Duration| us(duration) / us(bare);
    say(&format!("script: an empty engine takes {:.0} µs", us(bare)));
    say(&format!(
        "script: a warm run {:.0} µs = {:.1} empty engines (target 300 µs); {:.0} µs before to prepare its engine, {:.0} µs after to take it down",
        us(run),
        times(run),
        us(before),
        us(after)
    ));
    say(&format!(
        "script: compile and run {:.0} µs = {:.1} empty engines (target 2,000 µs); the first of an environment {:.0} µs, with its engine",
        us(cold),
        times(cold),
        us(first)
    ));
    say(&format!(
        "script: {THREADS} threads at once on {n_cores} cores, {:.0} µs a run, {:.0} runs/s",
        us(many),
        1e6 / us(many)
    ));
    Ok(())
}

/// A run in an engine that was prepared.
#[derive(Default)]
struct Warm {
    /// Preparing it.
    before: Duration,
    run: Duration,
    /// Taking it down.
    after: Duration,
}

fn warm(environment: &Arc<Environment>, program: &Program) -> Result<Warm> {
    let mut all = Warm::default();
    for _ in 0..ROUNDS {
        let began = Instant::now();
        let engine = Engine::prepare(environment)?;
        let prepared = Instant::now();
        let (run, spent) = engine.run(
            program,
            &event(),
            &mut AtOnce,
            &Limits::default(),
            &Cancel::new(),
        );
        let ran = Instant::now();
        drop(spent);
        all.before += prepared - began;
        all.run += ran - prepared;
        all.after += ran.elapsed();
        check(&run)?;
    }
    Ok(Warm {
        before: all.before / ROUNDS,
        run: all.run / ROUNDS,
        after: all.after / ROUNDS,
    })
}

/// Compiling and the first run, in an engine that was prepared.
fn cold(environment: &Arc<Environment>) -> Result<Duration> {
    let rounds = ROUNDS / 10;
    let mut all = Duration::ZERO;
    for _ in 0..rounds {
        let engine = Engine::prepare(environment)?;
        let began = Instant::now();
        let program = compile(environment)?;
        let (run, spent) = engine.run(
            &program,
            &event(),
            &mut AtOnce,
            &Limits::default(),
            &Cancel::new(),
        );
        all += began.elapsed();
        drop(spent);
        check(&run)?;
    }
    Ok(all / rounds)
}

/// What one of so many rounds takes.
fn each(rounds: u32, mut f: impl FnMut() -> Result<()>) -> Result<Duration> {
    f()?;
    let before = Instant::now();
    for _ in 0..rounds {
        f()?;
    }
    Ok(before.elapsed() / rounds)
}

fn compile(environment: &Arc<Environment>) -> Result<Program> {
    let files = Files::from_iter([("flow/signInWorkflow.ts", PROGRAM)]);
    script::compile(environment, &files, "flow/signInWorkflow.ts")
        .map_err(|diagnostics| anyhow!("{diagnostics:?}"))
}

fn event() -> Value {
    json!({ "request": { "ip": "203.0.113.9" }, "context": {
        "domains": { "kindeDomain": "https://acme.example.com" },
        "auth": { "providedEmail": "mara@example.com", "password": "Correct-Horse_42", "hasUserRecordInKinde": false },
    } })
}

fn answer(program: &Program) -> Result<()> {
    check(&script::run(
        program,
        &event(),
        &mut AtOnce,
        &Limits::default(),
        &Cancel::new(),
    ))
}

fn check(run: &script::Run) -> Result<()> {
    ensure!(
        run.outcome == Ok(json!({ "id": "kp_1" })),
        "the program answered {:?}",
        run.outcome
    );
    Ok(())
}

/// A host that answers at once.
struct AtOnce;

impl Host for AtOnce {
    fn call(&mut self, function: &str, _: Vec<Value>, _: Duration) -> Result<Value, HostError> {
        Ok(match function {
            "env.get" => json!({ "value": "secret", "isSecret": true }),
            "fetch" => {
                json!({ "ok": true, "status": 200, "json": { "email": "mara@example.com", "given_name": "Mara", "family_name": "Voss" } })
            }
            _ => json!({ "data": { "id": "kp_1", "created": true } }),
        })
    }
}

/// A prelude as an application has it, and a package of two hundred lines.
fn environment() -> Arc<Environment> {
    let helpers = (0..45).map(|n| {
        format!(
            "export function helper{n}(binding: string, value?: unknown) {{\n  if (!kinde[binding]) throw new Error(`${{binding}} binding not available`);\n  return kinde[binding](value, {n});\n}}\n"
        )
    });
    let package = PACKAGE.to_owned() + &helpers.collect::<String>();
    Arc::new(
        Environment::new()
            .package("@kinde/infrastructure", package)
            .prelude("kinde.js", PRELUDE),
    )
}

const PRELUDE: &str = r#"
const kinde = {};
for (const name of ["idToken", "accessToken", "m2mToken", "auth", "widget", "mfa", "plan"]) {
  kinde[name] = { set: (...args) => host(`${name}.set`, ...args), get: (...args) => host(`${name}.get`, ...args) };
}
kinde.env = { get: (key) => host("env.get", key) };
kinde.fetch = (url, options) => host("fetch", url, options);
kinde.api = (method, endpoint, params) => host("api", method, endpoint, params);
globals.kinde = kinde;
"#;

const PACKAGE: &str = r#"
declare const kinde: any;
export enum WorkflowTrigger { ExistingPasswordProvided = "user:existing_password_provided", PostAuthentication = "user:post_authentication" }
export interface Client { post(call: { endpoint: string; params: object }): Promise<{ data: any }>; [method: string]: any }
export const getEnvironmentVariable = (key: string) => kinde.env.get(key);
export const fetch = async (url: string, options: object) => kinde.fetch(url, options);
export async function createKindeAPI(event: any): Promise<Client> {
  const domain = event.context.domains.kindeDomain;
  return new Proxy({} as Client, {
    get: (_, method: string) =>
      method === "then" ? undefined : async ({ endpoint, params }: any) => kinde.api(method, `${domain}/api/v1/${endpoint}`, params),
  });
}
"#;

const PROGRAM: &str = r#"
import { createKindeAPI, fetch, getEnvironmentVariable, WorkflowTrigger, helper1, type Client } from "@kinde/infrastructure";

interface Legacy {
  email: string;
  given_name?: string;
  family_name?: string;
}

interface Event {
  request: { ip: string };
  context: {
    domains: { kindeDomain: string };
    auth: { providedEmail: string; password: string; hasUserRecordInKinde: boolean };
  };
}

export const workflowSettings = {
  id: "dripFeed",
  name: "Bring people over as they sign in",
  failurePolicy: { action: "stop" },
  trigger: WorkflowTrigger.ExistingPasswordProvided,
  bindings: { "kinde.env": {}, "kinde.fetch": {}, "kinde.widget": {}, url: {} },
};

const ADDRESS = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;

function names(legacy: Legacy): { given_name: string; family_name: string } {
  const { given_name = "", family_name = "" } = legacy;
  return { given_name: given_name.trim(), family_name: family_name.trim() };
}

async function check(email: string, password: string, secret: string): Promise<Legacy | undefined> {
  const response = await fetch("https://legacy.example.com/check", {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${secret}` },
    body: JSON.stringify({ email, password }),
  });
  return (response as any).ok ? ((response as any).json as Legacy) : undefined;
}

async function bring(api: Client, legacy: Legacy): Promise<{ id: string }> {
  const { data } = await api.post({
    endpoint: "user",
    params: {
      profile: names(legacy),
      identities: [{ type: "email", is_verified: true, details: { email: legacy.email } }],
    },
  });
  return { id: data.id };
}

export default async function dripFeed(event: Event) {
  const { providedEmail, password, hasUserRecordInKinde } = event.context.auth;
  if (hasUserRecordInKinde || !ADDRESS.test(providedEmail)) return undefined;
  const secret = getEnvironmentVariable("LEGACY_SECRET")?.value;
  const legacy = await check(providedEmail, password, secret);
  if (!legacy) return helper1("widget", "p_password");
  return bring(await createKindeAPI(event), legacy);
}
"#;
