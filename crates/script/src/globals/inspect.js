export default function () {
  return {
    format: (args) => args.map((x) => (typeof x === "string" ? x : JSON.stringify(x))).join(" "),
    indented: (text, indent) => indent + text,
    shorter: (text) => text.slice(2),
  };
}
