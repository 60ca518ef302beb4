import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { routes } from "#support/fault-routes.js";
import { closeServer, listen } from "#support/loopback.js";
import { outcomeRoutes } from "#support/outcome-routes.js";

export interface FaultUpstream {
  /** Base URL without a slash at the end. */
  url: string;
  /** Requests so far to a path, without its query string. */
  count(path: string): number;
  /** The `authorization` of each of these requests, in their order. */
  authorizations(path: string): (string | undefined)[];
  /** Resolves once a request has come to this path. */
  arrived(path: string): Promise<void>;
  /** Resolves once a client has left a request to this path before its answer was complete. */
  abandoned(path: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * An upstream that answers each path of `routes`, and each that begins with a word of `outcomeRoutes`, in one
 * precisely defined odd way, and any other with 404.
 */
export async function startFaultUpstream(): Promise<FaultUpstream> {
  interface Path {
    count: number;
    authorizations: (string | undefined)[];
    arrived: Latch;
    abandoned: Latch;
  }
  const paths = new Map<string, Path>();

  function at(path: string) {
    const known = paths.get(path) ?? { count: 0, authorizations: [], arrived: latch(), abandoned: latch() };
    paths.set(path, known);
    return known;
  }

  function handle(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", "http://upstream.invalid");
    const path = at(url.pathname);
    path.count += 1;
    path.authorizations.push(request.headers.authorization);
    path.arrived.open();
    response.on("close", () => response.writableFinished || path.abandoned.open());
    const route =
      routes[url.pathname.replace(/(?<=^\/status)\/\d+$/, "")] ??
      outcomeRoutes[url.pathname.split("/")[1] ?? ""];
    if (route) route({ request, response, url, seen: path.count });
    else response.writeHead(404).end();
  }

  const server = createServer(handle);
  return {
    url: await listen(server),
    count: (path) => at(path).count,
    authorizations: (path) => [...at(path).authorizations],
    arrived: (path) => at(path).arrived.opened,
    abandoned: (path) => at(path).abandoned.opened,
    close: () => closeServer(server),
  };
}

interface Latch {
  opened: Promise<void>;
  open(): void;
}

function latch(): Latch {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
