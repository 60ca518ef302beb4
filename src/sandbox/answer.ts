import type { InsideAnswer } from "#core/inside-service.js";

export function json(status: number, value: unknown, headers: Record<string, string> = {}): InsideAnswer {
  const body = Buffer.from(JSON.stringify(value));
  return { status, headers: { "content-type": "application/json", ...headers }, body };
}

export const ok = (value: unknown) => json(200, value);

/** An answer without a body. */
export const done = (): InsideAnswer => ({ status: 204, headers: {}, body: Buffer.alloc(0) });

export function file(mediaType: string, filename: string, body: Buffer): InsideAnswer {
  const headers = {
    "content-type": mediaType,
    "content-disposition": `attachment; filename="${filename}"`,
  };
  return { status: 200, headers, body };
}

/** Thrown where the sandbox says no, so that nothing of the request stays. */
export class Refusal extends Error {
  readonly #status: number;
  readonly #code: string;
  readonly #headers: Record<string, string>;

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.#status = status;
    this.#code = code;
    this.#headers = headers;
  }

  toAnswer(): InsideAnswer {
    return json(this.#status, { error: { code: this.#code, message: this.message } }, this.#headers);
  }
}

export const notFound = (what: string) => new Refusal(404, "not_found", `There is no ${what}.`);
