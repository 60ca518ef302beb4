import { createServer } from "node:http";
import { closeServer, listen } from "#support/loopback.js";

/** A small service on loopback, and its description. */
export interface ShopService {
  url: string;
  /** `METHOD PATH AUTHORIZATION` of each request, in order. */
  requests: string[];
  /** Settings of a server that may ask it. */
  env: Record<string, string>;
  /** Its description as OpenAPI 3, with what a test changes of it. */
  description(changes?: Record<string, object | null>): string;
  close(): Promise<void>;
}

const order = { name: "order_id", in: "path", required: true, schema: { type: "string" } };

/** By path, as `paths` of OpenAPI has them. */
const paths: Record<string, object> = {
  "/orders": {
    get: {
      operationId: "listOrders",
      summary: "List orders",
      tags: ["Orders"],
      parameters: [{ name: "status", in: "query", schema: { type: "string", enum: ["open", "sent"] } }],
      responses: { "200": { description: "The orders" } },
    },
    post: {
      operationId: "createOrder",
      summary: "Create an order",
      tags: ["Orders"],
      requestBody: {
        content: {
          "application/json": {
            schema: { type: "object", required: ["item"], properties: { item: { type: "string" } } },
          },
        },
      },
      responses: { "201": { description: "The order" } },
    },
  },
  "/orders/{order_id}": {
    get: {
      operationId: "getOrder",
      summary: "Get an order",
      tags: ["Orders"],
      parameters: [order],
      responses: { "200": { description: "The order" } },
    },
  },
};

export async function startShopService(): Promise<ShopService> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ path: request.url }));
  });
  const url = await listen(server);
  return {
    url,
    requests,
    env: { SKILLETT_ALLOW_HOSTS: `tenant-integration=${new URL(url).host}` },
    description: (changes = {}) =>
      JSON.stringify({
        openapi: "3.0.3",
        info: { title: "Acme Shop API", version: "1" },
        servers: [{ url: `${url}/v1` }],
        components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
        security: [{ token: [] }],
        paths: Object.fromEntries(Object.entries({ ...paths, ...changes }).filter(([, it]) => it !== null)),
      }),
    close: () => closeServer(server),
  };
}

/** The operation of a path with another method, so that its effect is another. */
export function withMethod(path: string, from: string, to: string): Record<string, object> {
  const { [from]: operation, ...others } = paths[path] as Record<string, object>;
  return { [path]: { ...others, [to]: operation } };
}
