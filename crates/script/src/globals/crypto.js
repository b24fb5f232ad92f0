// The part of https://w3c.github.io/webcrypto/ that needs no key pairs: random values, digests, HMAC, AES-GCM.
const HASHES = { __proto__: null, "SHA-1": 64, "SHA-256": 64, "SHA-384": 128, "SHA-512": 128 };

const bytes = (source) => {
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  throw new TypeError("expected an ArrayBuffer, a typed array or a DataView");
};

const name = (algorithm) => `${typeof algorithm === "object" && algorithm !== null ? algorithm.name : algorithm}`.toUpperCase();

const hash = (algorithm) => {
  const wanted = name(algorithm);
  if (HASHES[wanted] === undefined) throw unsupported(`the hash ${wanted} is not supported; there are ${Object.keys(HASHES).join(", ")}`);
  return wanted;
};

const unsupported = (message) => new DOMException(message, "NotSupportedError");
const failed = (message) => new DOMException(message, "OperationError");

export default function (native) {
  // Reads the bytes of a key, which nobody else can.
  let secret;

  class CryptoKey {
    #bytes;

    static {
      secret = (key, usage) => {
        if (!key.usages.includes(usage)) throw new DOMException(`the key may not ${usage}`, "InvalidAccessError");
        return key.#bytes;
      };
    }

    constructor(token, bytes, algorithm, extractable, usages) {
      if (token !== native) throw new TypeError("Illegal constructor");
      this.#bytes = bytes;
      this.type = "secret";
      this.extractable = extractable;
      this.algorithm = Object.freeze(algorithm);
      this.usages = Object.freeze([...usages]);
      Object.freeze(this);
    }

    static raw(key) {
      if (!key.extractable) throw new DOMException("the key is not extractable", "InvalidAccessError");
      return key.#bytes.slice().buffer;
    }
  }
  const { raw } = CryptoKey;
  delete CryptoKey.raw;

  const importing = (data, algorithm, extractable, usages) => {
    switch (name(algorithm)) {
      case "HMAC": {
        const described = { name: "HMAC", hash: { name: hash(algorithm.hash) }, length: data.length * 8 };
        return new CryptoKey(native, data, described, !!extractable, usages);
      }
      case "AES-GCM":
        if (data.length !== 16 && data.length !== 32) throw new DOMException("an AES-GCM key has 16 or 32 bytes", "DataError");
        return new CryptoKey(native, data, { name: "AES-GCM", length: data.length * 8 }, !!extractable, usages);
      default:
        throw unsupported(`the algorithm ${name(algorithm)} is not supported; there are HMAC and AES-GCM`);
    }
  };

  const gcm = (algorithm, key, usage, data, run) => {
    if (name(algorithm) !== "AES-GCM" || key.algorithm.name !== "AES-GCM") throw unsupported("only AES-GCM encrypts and decrypts");
    if ((algorithm.tagLength ?? 128) !== 128) throw failed("only a tag of 128 bits is supported");
    const iv = bytes(algorithm.iv);
    if (iv.length !== 12) throw failed("the iv must have 12 bytes");
    const additional = algorithm.additionalData === undefined ? new Uint8Array(0) : bytes(algorithm.additionalData);
    const done = run(secret(key, usage), iv, additional, bytes(data));
    if (done === undefined) throw failed("the data can't be decrypted with this key and iv");
    return done.buffer;
  };

  const sign = (algorithm, key, usage, data) => {
    if (name(algorithm) !== "HMAC" || key.algorithm.name !== "HMAC") throw unsupported("only HMAC signs and verifies");
    return native.hmac(key.algorithm.hash.name, secret(key, usage), bytes(data));
  };

  const subtle = {
    async digest(algorithm, data) {
      return native.digest(hash(algorithm), bytes(data)).buffer;
    },
    async importKey(format, data, algorithm, extractable, usages) {
      if (format === "jwk" && data?.kty === "oct") {
        const text = data.k.replaceAll("-", "+").replaceAll("_", "/");
        return importing(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)), algorithm, extractable, usages);
      }
      if (format !== "raw") throw unsupported(`the key format ${format} is not supported; there are raw and jwk (oct)`);
      return importing(bytes(data).slice(), algorithm, extractable, usages);
    },
    async generateKey(algorithm, extractable, usages) {
      const bits = algorithm.length ?? HASHES[hash(algorithm.hash)] * 8;
      return importing(native.random(bits / 8), algorithm, extractable, usages);
    },
    async exportKey(format, key) {
      if (format !== "raw") throw unsupported(`the key format ${format} is not supported; there is raw`);
      return raw(key);
    },
    async sign(algorithm, key, data) {
      return sign(algorithm, key, "sign", data).buffer;
    },
    async verify(algorithm, key, signature, data) {
      return native.isEqual(sign(algorithm, key, "verify", data), bytes(signature));
    },
    async encrypt(algorithm, key, data) {
      return gcm(algorithm, key, "encrypt", data, native.seal);
    },
    async decrypt(algorithm, key, data) {
      return gcm(algorithm, key, "decrypt", data, native.open);
    },
  };

  const crypto = {
    subtle,
    randomUUID() {
      const random = native.random(16);
      random[6] = (random[6] & 0x0f) | 0x40;
      random[8] = (random[8] & 0x3f) | 0x80;
      const hex = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
    },
    getRandomValues(array) {
      const target = bytes(array);
      if (target.length > 65536) throw new DOMException("at most 65536 bytes at once", "QuotaExceededError");
      target.set(native.random(target.length));
      return array;
    },
  };

  return { crypto, CryptoKey };
}
