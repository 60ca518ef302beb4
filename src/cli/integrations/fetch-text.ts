import { createNodeTransport } from "#cli/server/transport.js";
import { UsageError } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { decodeText } from "#cli/terminal/text-input.js";
import { NetworkError } from "#client/errors.js";
import { userAgents } from "#core/face.js";
import { version } from "#core/version.js";

const maxBytes = 32 * 1024 * 1024;
const maxRedirects = 5;
const silenceMs = 60_000;

/**
 * Fetches a text from the web, from this machine and through its proxy: the server asks nobody for it.
 *
 * @throws UsageError for anything but a text of a reasonable size; NetworkError when there is no answer
 */
export async function fetchText(address: string, host: Host): Promise<{ text: string; url: string }> {
  const signal = host.interrupted();
  const headers = {
    accept: "application/json, application/yaml, text/yaml, */*",
    "user-agent": `${userAgents.cli}/${version}`,
  };
  let url = address;
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const transport = createNodeTransport(host.env, silenceMs, false);
    const request = { method: "GET", url, headers, body: undefined, signal };
    const { status, headers: answered, body } = await transport(request).catch(rethrow);
    const { location, "content-type": type = "" } = answered;
    if (status >= 300 && status < 400 && location !== undefined) {
      url = nextUrl(location, url);
      continue;
    }
    if (status !== 200) throw new UsageError(`${url} answered ${status}.`);
    if (/^text\/html\b/i.test(type)) {
      throw new UsageError(
        `${url} is a web page, not a description: look on it for a link to the OpenAPI document, often openapi.json or openapi.yaml.`,
      );
    }
    return { text: decodeText(await readBounded(body, url), url), url };
  }
  throw new UsageError(`${address} leads on more than ${maxRedirects} times.`);
}

/** Without the code of the system, since the remedy for it is about our own server. */
function rethrow(error: unknown): never {
  throw error instanceof NetworkError ? new NetworkError(error.message, { cause: error }) : error;
}

function nextUrl(location: string, from: string): string {
  const url = URL.canParse(location, from) ? new URL(location, from) : null;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new UsageError(`${from} leads to ${location}, which is no address of the web.`);
  return url.href;
}

async function readBounded(body: AsyncIterable<Uint8Array>, url: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes)
      throw new UsageError(`${url} has more than ${maxBytes / 1024 / 1024} MiB: that is no description.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
