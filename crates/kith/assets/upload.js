
// Uploads in pieces: <form data-upload="url">. What breaks off goes on where it was; in a page that was opened again, after
// the same files were chosen. Without this, the form sends its files in one request.
const PIECE = 4 * 1024 * 1024;
const PATIENCE = 30; // seconds between two attempts, at most

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

const size = (bytes) => {
  const [unit, name] = [[1e9, "gigabyte"], [1e6, "megabyte"], [1e3, "kilobyte"]].find(([unit]) => bytes >= unit) ?? [1, "byte"];
  const style = { style: "unit", unit: name, maximumFractionDigits: unit === 1 ? 0 : 1 };
  return new Intl.NumberFormat(document.documentElement.lang, style).format(bytes / unit);
};

const duration = (seconds) => {
  const [unit, name] = seconds < 90 ? [1, "second"] : seconds < 5400 ? [60, "minute"] : [3600, "hour"];
  const style = { style: "unit", unit: name, unitDisplay: "long" };
  return new Intl.NumberFormat(document.documentElement.lang, style).format(Math.ceil(seconds / unit));
};

class Upload {
  constructor(form) {
    this.form = form;
    this.words = form.querySelector("[data-upload-words]").dataset;
    this.shown = form.querySelector("[data-upload-progress]");
    this.looks = [];
  }

  chosen() {
    return [...this.form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
  }

  // Answers with JSON, or throws: `fatal` when trying again would not help.
  async ask(url, options) {
    const response = await fetch(url, options);
    if (response.ok) return response.json();
    const error = new Error(this.words.failed);
    error.status = response.status;
    error.fatal = response.status < 500 && ![408, 409, 429].includes(response.status);
    if (response.status === 422) error.message = (await response.json()).error;
    throw error;
  }

  async begin(files, fields) {
    const body = new URLSearchParams();
    for (const [name, value] of fields) {
      if (typeof value === "string") body.append(name, value);
    }
    for (const file of files) {
      body.append("file_name", file.name);
      body.append("file_size", file.size);
    }
    const begun = await this.ask(this.form.dataset.upload, { method: "POST", body });
    // From now on, a page that is loaded again goes on.
    history.replaceState(null, "", begun.url);
    return begun;
  }

  async run() {
    const [files, fields] = [this.chosen(), new FormData(this.form)]; // before they are disabled
    this.form.querySelectorAll("button, input, select").forEach((control) => (control.disabled = control.type !== "hidden"));
    this.shown.hidden = false;
    const begun = this.form.dataset.run
      ? { url: this.form.dataset.run, files: await this.ask(`${this.form.dataset.run}/files`) }
      : await this.begin(files, fields);
    this.files = begun.files;
    for (const wanted of begun.files) {
      const file = files.find((file) => file.name === wanted.name && file.size === wanted.bytes);
      if (!file && wanted.received < wanted.bytes) throw new Error(fill(this.words.other, { name: wanted.name, size: size(wanted.bytes) }));
      if (file) await this.send(begun.url, wanted, file);
    }
    this.say(this.words.looking);
    const body = new URLSearchParams({ csrf: this.form.elements.csrf.value });
    const done = await this.ask(`${begun.url}/complete`, { method: "POST", body });
    location.assign(done.url);
  }

  async send(url, wanted, file) {
    for (let attempts = 0; wanted.received < file.size; ) {
      try {
        const piece = file.slice(wanted.received, wanted.received + PIECE);
        const headers = { "x-csrf-token": this.form.elements.csrf.value, "content-type": "application/octet-stream" };
        const address = `${url}/files/${wanted.number}?offset=${wanted.received}`;
        wanted.received = (await this.ask(address, { method: "PUT", headers, body: piece })).received;
        attempts = 0;
        this.show();
      } catch (error) {
        if (error.fatal) throw error;
        const seconds = Math.min(PATIENCE, 2 ** attempts++);
        this.say(fill(this.words.broken, { seconds }));
        await pause(seconds);
        const here = await this.ask(`${url}/files`).catch(() => []);
        wanted.received = here.find((file) => file.number === wanted.number)?.received ?? wanted.received;
      }
    }
  }

  // The rate is that of the last ten seconds.
  show() {
    const sum = (of) => this.files.reduce((sum, file) => sum + of(file), 0);
    const [received, bytes, now] = [sum((file) => file.received), sum((file) => file.bytes), performance.now()];
    this.looks.push({ received, now });
    this.looks = this.looks.filter((look) => look.now > now - 10_000 || look === this.looks.at(-1));
    const since = this.looks[0];
    const rate = ((received - since.received) * 1000) / (now - since.now || 1);
    const bar = this.shown.querySelector("progress");
    [bar.value, bar.max] = [received, bytes];
    const values = { received: size(received), bytes: size(bytes), rate: size(rate), left: duration((bytes - received) / rate) };
    this.say(fill(rate > 0 ? this.words.rate : this.words.far, values));
  }

  say(text) {
    this.shown.querySelector("[data-upload-text]").textContent = text;
  }

  fail(error) {
    this.form.querySelectorAll("button, input, select").forEach((control) => (control.disabled = false));
    this.shown.hidden = true;
    const told = this.form.querySelector("[data-upload-error]");
    told.hidden = false;
    told.querySelector("[data-upload-reason]").textContent = error.message || this.words.failed;
    told.focus();
  }
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  form.addEventListener("submit", (event) => {
    const upload = new Upload(form);
    if (upload.chosen().length === 0) return;
    event.preventDefault();
    form.querySelector("[data-upload-error]").hidden = true;
    upload.run().catch((error) => upload.fail(error));
  });
}
