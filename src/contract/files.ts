import Type from "typebox";
import type { Route } from "#contract/route.js";
import { isoTime, nullable, strict } from "#contract/schemas.js";

const file = Type.Object({
  id: Type.String({ description: "file_…: what params that take a file are given" }),
  name: Type.String(),
  media_type: Type.String(),
  size: Type.Integer({ description: "Bytes" }),
  sha256: Type.String({ description: "Hex" }),
  expires_at: isoTime,
  created_at: isoTime,
});

const params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64, description: "file_…" }) });

export const uploadFile = {
  method: "POST",
  path: "/v1/files",
  auth: "key",
  summary: "Hand over a file, for params that take one",
  query: strict({
    name: Type.Optional(
      Type.String({ minLength: 1, maxLength: 255, description: "report.pdf; file when left out" }),
    ),
    sha256: Type.Optional(
      Type.String({
        pattern: "^[0-9a-f]{64}$",
        description: "Hex: bytes with another hash are refused",
      }),
    ),
  }),
  upload: true,
  reply: {
    status: 201,
    description: "Kept for a day. `content-type` of the request is its media type",
    body: Type.Object({ file }),
  },
  errors: ["bad_request", "payload_too_large", "plan_limit_reached", "unavailable"],
} as const satisfies Route;

export const listFiles = {
  method: "GET",
  path: "/v1/files",
  auth: "key",
  summary: "List your files, newest first",
  query: strict({
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
    cursor: Type.Optional(
      Type.String({ minLength: 1, maxLength: 64, description: "`next_cursor` of a page" }),
    ),
  }),
  reply: {
    status: 200,
    description: "A page of files; `next_cursor` is null on the last one",
    body: Type.Object({ files: Type.Array(file), next_cursor: nullable(Type.String()) }),
  },
  errors: ["bad_request"],
} as const satisfies Route;

export const getFile = {
  method: "GET",
  path: "/v1/files/:id",
  auth: "key",
  summary: "Get the facts of a file",
  params,
  reply: { status: 200, description: "Its facts", body: Type.Object({ file }) },
  errors: ["not_found"],
} as const satisfies Route;

export const getFileContent = {
  method: "GET",
  path: "/v1/files/:id/content",
  auth: "key",
  summary: "Download a file",
  params,
  reply: { status: 200, description: "Its bytes, to be saved", raw: true },
  errors: ["not_found"],
} as const satisfies Route;

export const deleteFile = {
  method: "DELETE",
  path: "/v1/files/:id",
  auth: "key",
  summary: "Delete a file before its day is over",
  params,
  reply: { status: 204, description: "It is deleted" },
  errors: ["not_found"],
} as const satisfies Route;
