import { createServer, request as httpRequest } from "node:http";
import { closeServer, listen } from "#support/loopback.js";

/** One address for several servers, as a load balancer is: each request goes to the next of them. */
export interface Front {
  url: string;
  servers: string[];
  close(): Promise<void>;
}

export async function startFront(): Promise<Front> {
  const servers: string[] = [];
  let count = 0;
  const server = createServer((request, response) => {
    const { hostname, port } = new URL(servers[count++ % servers.length]!);
    const { method, url, headers } = request;
    const onward = httpRequest({ hostname, port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  const url = await listen(server);
  return { url, servers, close: () => closeServer(server) };
}
