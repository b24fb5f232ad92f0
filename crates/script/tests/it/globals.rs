//! The globals besides those of the language.

use serde_json::json;

use crate::kit::{answer, failure, value};

#[test]
fn url_follows_the_standard() {
    assert_eq!(
        value(
            "(() => { const u = new URL('../x?q=1#h', 'https://me:pw@example.com:8443/a/b/'); return [u.href, u.origin, u.host, u.pathname, u.search, u.hash, u.username, `${u}`, JSON.stringify({ u })] })()"
        ),
        json!([
            "https://me:pw@example.com:8443/a/x?q=1#h",
            "https://example.com:8443",
            "example.com:8443",
            "/a/x",
            "?q=1",
            "#h",
            "me",
            "https://me:pw@example.com:8443/a/x?q=1#h",
            "{\"u\":\"https://me:pw@example.com:8443/a/x?q=1#h\"}"
        ])
    );
    assert_eq!(
        value(
            "(() => { const u = new URL('http://example.com'); u.protocol = 'https'; u.port = 8080; u.pathname = 'a b'; u.hash = 'x'; u.searchParams.append('k', 'v w'); u.search += '&z=ü'; return [u.href, u.searchParams.get('z'), u.searchParams.size] })()"
        ),
        json!(["https://example.com:8080/a%20b?k=v+w&z=%C3%BC#x", "ü", 2])
    );
    assert_eq!(
        value("[URL.canParse('nope'), URL.canParse('x', 'https://a.example'), URL.parse('nope')]"),
        json!([false, true, null])
    );
    assert!(
        failure("export default () => new URL('nope')")
            .message
            .starts_with("TypeError: Invalid URL")
    );
}

#[test]
fn search_params_take_what_programs_give_them() {
    assert_eq!(
        value("new URLSearchParams({ a: '1', b: undefined, c: 'x y' }).toString()"),
        json!("a=1&b=undefined&c=x+y")
    );
    assert_eq!(
        value("new URLSearchParams([['a', '1'], ['a', '2']]).getAll('a')"),
        json!(["1", "2"])
    );
    assert_eq!(
        value("[...new URLSearchParams('?a=1&b=%20')]"),
        json!([["a", "1"], ["b", " "]])
    );
    assert_eq!(
        value(
            "(() => { const p = new URLSearchParams('b=2&a=1&a=3'); p.set('a', '9'); p.sort(); p.delete('b'); const seen = []; p.forEach((v, k) => seen.push(k + v)); return [String(p), p.has('a', '9'), p.get('zz'), seen, p.size] })()"
        ),
        json!(["a=9", true, null, ["a9"], 1])
    );
}

#[test]
fn base64_and_utf8() {
    assert_eq!(
        value("[btoa('a\\xff'), atob(' YQ = = '), atob('YQ'), atob('')]"),
        json!(["Yf8=", "a", "a", ""])
    );
    assert!(
        failure("export default () => btoa('€')")
            .message
            .starts_with("InvalidCharacterError")
    );
    assert!(
        failure("export default () => atob('*')")
            .message
            .starts_with("InvalidCharacterError")
    );
    assert!(
        failure("export default () => atob('YQ=')")
            .message
            .starts_with("InvalidCharacterError")
    );
    assert_eq!(
        value(
            "[[...new TextEncoder().encode('€\\ud800')], new TextDecoder().decode(new Uint8Array([0xef, 0xbb, 0xbf, 0xe2, 0x82, 0xac, 0xff]))]"
        ),
        json!([[226, 130, 172, 239, 191, 189], "€\u{fffd}"])
    );
    assert!(failure("export default () => new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([255]))").message.starts_with("TypeError"));
    assert_eq!(
        value(
            "(() => { const d = new TextDecoder(); return d.decode(new Uint8Array([0xf0, 0x9f]), { stream: true }) + d.decode(new Uint8Array([0x98, 0x80])) })()"
        ),
        json!("😀")
    );
    assert_eq!(
        value(
            "(() => { const t = new Uint8Array(4); return [new TextEncoder().encodeInto('a€€', t), [...t]] })()"
        ),
        json!([{ "read": 2, "written": 4 }, [97, 226, 130, 172]])
    );
}

#[test]
fn digests_and_macs_are_those_of_the_standards() {
    let hex = "const hex = (b) => Array.from(new Uint8Array(b), (x) => x.toString(16).padStart(2, '0')).join('');";
    let source = format!(
        "{hex} export default async () => {{ const out = []; for (const h of ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512']) out.push(hex(await crypto.subtle.digest(h, new TextEncoder().encode('abc'))).slice(0, 16)); return out }}"
    );
    // FIPS 180-4, the examples for "abc".
    assert_eq!(
        answer(&source),
        json!([
            "a9993e364706816a",
            "ba7816bf8f01cfea",
            "cb00753f45a35e8b",
            "ddaf35a193617aba"
        ])
    );
    let source = format!(
        "{hex} export default async () => {{
            const bytes = (t) => new TextEncoder().encode(t);
            const key = await crypto.subtle.importKey('raw', bytes('Jefe'), {{ name: 'HMAC', hash: 'SHA-256' }}, false, ['sign', 'verify']);
            const mac = await crypto.subtle.sign('HMAC', key, bytes('what do ya want for nothing?'));
            return [hex(mac), await crypto.subtle.verify('HMAC', key, mac, bytes('what do ya want for nothing?')), await crypto.subtle.verify('HMAC', key, mac, bytes('x'))]
        }}"
    );
    // RFC 4231 §4.3.
    assert_eq!(
        answer(&source),
        json!([
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            true,
            false
        ])
    );
}

#[test]
fn aes_gcm_encrypts_and_refuses_what_was_changed() {
    let source = "export default async () => {
        const key = await crypto.subtle.importKey('raw', Uint8Array.from({ length: 32 }, (_, i) => i), 'AES-GCM', false, ['encrypt', 'decrypt']);
        const iv = Uint8Array.from({ length: 12 }, (_, i) => 0xa0 + i);
        const text = new TextEncoder().encode('{\"email\":\"lee@example.com\",\"password\":\"Correct-Horse_42\"}');
        const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, text));
        const opened = new TextDecoder().decode(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, sealed));
        sealed[0] ^= 1;
        const refused = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, sealed).catch((e) => e.name);
        sealed[0] ^= 1;
        return [btoa(String.fromCharCode(...sealed.slice(-16))), opened.length, refused];
    }";
    // The tag was computed with another implementation.
    assert_eq!(
        answer(source),
        json!(["gTKQceGHm5/f639tPY+rnQ==", 57, "OperationError"])
    );
}

#[test]
fn random_values_differ() {
    let seen = value(
        "[crypto.randomUUID(), crypto.randomUUID(), crypto.getRandomValues(new Uint32Array(2)).length]",
    );
    assert_ne!(seen[0], seen[1]);
    let uuid = seen[0].as_str().unwrap();
    assert!(uuid.len() == 36 && uuid.as_bytes()[14] == b'4', "{uuid}");
}

#[test]
fn a_structured_clone_is_deep() {
    assert_eq!(
        value(
            "(() => { const a = { d: new Date(5), m: new Map([[1, { x: [1] }]]), u: new Uint8Array([7]) }; a.self = a; const b = structuredClone(a); return [b !== a, b.self === b, b.d.getTime(), b.m.get(1).x, b.m.get(1) !== a.m.get(1), [...b.u]] })()"
        ),
        json!([true, true, 5, [1], true, [7]])
    );
    assert!(
        failure("export default () => structuredClone(() => 1)")
            .message
            .starts_with("DataCloneError")
    );
}

#[test]
fn timers_run_in_the_order_of_their_time() {
    let source = "export default async () => {
        const seen = [];
        const sleep = (ms, ...args) => new Promise((resolve) => setTimeout(resolve, ms, ...args));
        setTimeout(() => seen.push('b'), 8);
        setTimeout(() => seen.push('a'), 2);
        clearTimeout(setTimeout(() => seen.push('never'), 1));
        queueMicrotask(() => seen.push('job'));
        let n = 0;
        await new Promise((resolve) => { const id = setInterval(() => { if (++n === 3) { clearInterval(id); resolve() } }, 1) });
        seen.push(await sleep(15, 'slept'));
        return [seen, n];
    }";
    assert_eq!(answer(source), json!([["job", "a", "b", "slept"], 3]));
}

#[test]
fn an_answer_does_not_wait_for_timers() {
    let run = crate::kit::run(
        "export default () => { setTimeout(() => console.log('late'), 60000); return 1 }",
    );
    assert_eq!(run.outcome, Ok(json!(1)));
    assert!(run.console.is_empty() && run.usage.wall.as_secs() < 5);
}

#[test]
fn locale_strings_do_not_throw() {
    let shown = value(
        "[(1234.5).toLocaleString(), (5).toLocaleString('en-US', { style: 'percent' }), new Date(0).toLocaleString('de'), new Date(0).toLocaleDateString('en-US', { year: 'numeric' }), new Date(0).toLocaleTimeString(), 'a'.localeCompare('b'), [1, 2].toLocaleString(), 'I'.toLocaleLowerCase('tr')]",
    );
    assert!(shown.as_array().is_some_and(|all| all.len() == 8));
}

#[test]
fn text_never_becomes_code() {
    for source in [
        "eval('1')",
        "new Function('return 1')()",
        "(() => {}).constructor('return 1')()",
        "(async () => {}).constructor('return 1')()",
        "(function* () {}).constructor('yield 1')()",
        "setTimeout('1')",
        "Reflect.construct(Function, ['return 1'])()",
        "(0, eval)('1')",
    ] {
        let failure = failure(&format!("export default () => {{ return {source} }}"));
        assert!(
            failure.message.starts_with("TypeError")
                || failure.message.starts_with("ReferenceError"),
            "{source}: {failure}"
        );
    }
}

#[test]
fn what_belongs_to_other_worlds_is_not_here() {
    assert_eq!(
        value(
            "['fetch', 'process', 'require', 'Buffer', 'Atomics', 'SharedArrayBuffer', 'std', 'os', 'Deno', 'host2', 'XMLHttpRequest', 'importScripts', 'print', 'gc', '__loadScript'].filter((name) => name in globalThis)"
        ),
        json!([])
    );
}

#[test]
fn the_guarded_functions_do_what_the_language_says() {
    for (expression, expected) in [
        ("[3, 1, 2].sort().join('-')", json!("1-2-3")),
        ("[3, 1, 10].sort((a, b) => b - a)", json!([10, 3, 1])),
        ("[1, [2, [3, [4]]]].flat()", json!([1, 2, [3, [4]]])),
        ("[1, [2, [3, [4]]]].flat(Infinity)", json!([1, 2, 3, 4])),
        ("[1].concat([2], 3, [[4]])", json!([1, 2, 3, [4]])),
        (
            "Array.prototype.concat.call([1], { length: 1, 0: 'a', [Symbol.isConcatSpreadable]: true })",
            json!([1, "a"]),
        ),
        (
            "(function () { return Array.prototype.slice.call(arguments, 1) })(1, 2, 3)",
            json!([2, 3]),
        ),
        (
            "(() => { const o = { length: 2, 0: 'a', 1: 'b' }; Array.prototype.unshift.call(o, 'z'); return [o, Array.prototype.shift.call(o)] })()",
            json!([{ "0": "a", "1": "b", "length": 2 }, "z"]),
        ),
        ("[1, 2, 3, 4].splice(1, 2)", json!([2, 3])),
        (
            "[1, 2, 3].toSpliced(1, 1).with(0, 9).toReversed()",
            json!([3, 9]),
        ),
        ("[1, , 3].reverse()", json!([3, null, 1])),
        ("'a-b-c'.split('-')", json!(["a", "b", "c"])),
        ("'abc'.split('')", json!(["a", "b", "c"])),
        ("'abc'.split()", json!(["abc"])),
        ("'a1b2'.split(/\\d/, 2)", json!(["a", "b"])),
        (
            "'aXbX'.replace('X', (x, at) => at) + 'aXbX'.replaceAll('X', '$&$&') + 'a1'.replace(/\\d/, '<$&>')",
            json!("a1bXaXXbXXa<1>"),
        ),
        (
            "['abcabc'.indexOf('b', 2), 'abc'.lastIndexOf('c'), 'abc'.includes('z'), 'undefined'.indexOf()]",
            json!([4, 2, false, 0]),
        ),
        (
            "[...new Float64Array([3, 1, 2]).sort(), new Uint8Array([1, 2]).join('+'), new Uint8Array([1, 2]).indexOf(2)]",
            json!([1, 2, 3, "1+2", 1]),
        ),
        (
            "[Array.prototype.join.name, Object.keys(Array.prototype), Object.keys(String.prototype)]",
            json!(["join", [], []]),
        ),
        ("String.raw`a\\n${1}`", json!("a\\n1")),
    ] {
        assert_eq!(value(expression), expected, "{expression}");
    }
    assert!(
        failure("export default () => 'abc'.includes(/b/)")
            .message
            .starts_with("TypeError")
    );
    assert!(
        failure("export default () => Array.prototype.join.call(null)")
            .message
            .starts_with("TypeError")
    );
}
