// Loaded before the Arazzo runner, to send an access token with every request.
//
// The workflow declares no `x-security`, and it has to run unchanged; the runner takes a server on its command line,
// but no header. Its HTTP client, undici, announces each request on a documented diagnostics channel.
import { subscribe } from "node:diagnostics_channel";

subscribe("undici:request:create", ({ request }) => {
  request.addHeader("authorization", `Bearer ${process.env.ACCESS_TOKEN}`);
});
