/** A document of a client has no more bytes. */
const maxBytes = 5 * 1024;

/**
 * Fetches documents of clients, and leaves out their members that are null or empty, as in a registration.
 *
 * @see tidyClient
 */
export function fetchClientDocument(fetchDocument: typeof fetch): typeof fetch {
  return async (input, init) => {
    const response = await fetchDocument(input, init);
    if (response.status !== 200) return response;
    const text = await readText(response);
    return new Response(withoutNothing(text), { headers: response.headers });
  };
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) throw new Error(`The document has more than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** A text that is not JSON is returned as it is: oidc-provider refuses it. */
function withoutNothing(text: string): string {
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document !== "object" || document === null || Array.isArray(document)) return text;
    const said = Object.entries(document).filter(([, value]) => value !== null && value !== "");
    return JSON.stringify(Object.fromEntries(said));
  } catch {
    return text;
  }
}
