// https://encoding.spec.whatwg.org/ for UTF-8, and the Base64 functions of https://infra.spec.whatwg.org/#forgiving-base64.
const LABELS = ["utf-8", "utf8", "unicode-1-1-utf-8", "unicode11utf8", "unicode20utf8", "x-unicode20utf8"];

function bytes(source) {
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  throw new TypeError("expected an ArrayBuffer, a typed array or a DataView");
}

export default function (native) {
  class TextEncoder {
    get encoding() {
      return "utf-8";
    }

    encode(text = "") {
      return native.encodeUtf8(`${text}`.toWellFormed());
    }

    encodeInto(text, target) {
      let read = 0;
      let written = 0;
      for (const point of `${text}`.toWellFormed()) {
        const encoded = native.encodeUtf8(point);
        if (written + encoded.length > target.length) break;
        target.set(encoded, written);
        read += point.length;
        written += encoded.length;
      }
      return { read, written };
    }
  }

  class TextDecoder {
    #fatal;
    #ignoreBOM;
    #rest = new Uint8Array(0);

    constructor(label = "utf-8", { fatal = false, ignoreBOM = false } = {}) {
      if (!LABELS.includes(`${label}`.trim().toLowerCase())) {
        throw new RangeError(`the encoding ${label} is not supported; only utf-8 is`);
      }
      this.#fatal = !!fatal;
      this.#ignoreBOM = !!ignoreBOM;
    }

    get encoding() {
      return "utf-8";
    }

    get fatal() {
      return this.#fatal;
    }

    get ignoreBOM() {
      return this.#ignoreBOM;
    }

    decode(source, { stream = false } = {}) {
      let input = source === undefined ? new Uint8Array(0) : bytes(source);
      if (this.#rest.length > 0) {
        const joined = new Uint8Array(this.#rest.length + input.length);
        joined.set(this.#rest);
        joined.set(input, this.#rest.length);
        input = joined;
      }
      // The start of a character that the next piece may end.
      const end = stream ? input.length - native.incompleteUtf8(input) : input.length;
      this.#rest = input.slice(end);
      const text = native.decodeUtf8(input.subarray(0, end), this.#fatal);
      if (text === undefined) throw new TypeError("the bytes are not UTF-8");
      return !this.#ignoreBOM && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    }
  }

  const invalid = (message) => new DOMException(message, "InvalidCharacterError");

  function btoa(text) {
    const encoded = native.toBase64(`${text}`.toWellFormed());
    if (encoded === undefined) throw invalid("btoa takes characters up to U+00FF only; encode with TextEncoder first");
    return encoded;
  }

  function atob(text) {
    const decoded = native.fromBase64(`${text}`.toWellFormed());
    if (decoded === undefined) throw invalid("the text is not Base64");
    return decoded;
  }

  return { TextEncoder, TextDecoder, atob, btoa };
}
