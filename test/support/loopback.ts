import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** @returns the base URL, without a slash at the end */
export async function listen(server: Server, port = 0, host = "127.0.0.1"): Promise<string> {
  server.listen(port, host);
  await once(server, "listening");
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}

/** Drops what is still connected: a hanging answer must not keep a test waiting. */
export async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
