import { networkError } from "#client/errors.js";
import { asFetched, type Transport } from "#client/transport.js";

/** Fetch as browsers have it: the session cookie goes along, the body arrives whole. */
export const browserTransport: Transport = async ({ method, url, headers, body, signal }) => {
  try {
    const response = await fetch(url, {
      method,
      headers,
      credentials: "same-origin",
      redirect: "error",
      ...asFetched(body),
      ...(signal ? { signal } : {}),
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    return { status: response.status, headers: Object.fromEntries(response.headers), body: once(bytes) };
  } catch (error) {
    throw signal?.aborted ? signal.reason : networkError(url, error);
  }
};

async function* once(bytes: Uint8Array) {
  yield bytes;
}
