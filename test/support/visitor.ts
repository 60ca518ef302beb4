import type { Reply } from "#support/skillett.js";

/** Somebody's browser at a Skillett, without pages: it keeps cookies, and says where it comes from. */
export interface Visitor {
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  signUp(person: { name: string; email: string; password?: string; invitationId?: string }): Promise<Reply>;
  signIn(email: string, password?: string): Promise<Reply>;
  /** A new JWT of whoever is signed in. */
  fetchJwt(): Promise<string>;
  cookie(): string;
}

export const password = "correct horse battery";

export function createVisitor(url: string): Visitor {
  const jar = new Map<string, string>();
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join("; ");

  async function call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const response = await fetch(url + path, {
      method,
      redirect: "manual",
      headers: {
        ...(jar.size > 0 ? { cookie: cookie() } : {}),
        ...(method === "GET" ? {} : { origin: url }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const set of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (/max-age=0/i.test(set)) jar.delete(name);
      else jar.set(name, value);
    }
    const text = await response.text();
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      json = undefined;
    }
    return { status: response.status, headers: response.headers, text, json };
  }

  return {
    call,
    signUp: (person) => call("POST", "/auth/sign-up/email", { password, ...person }),
    signIn: (email, given = password) => call("POST", "/auth/sign-in/email", { email, password: given }),
    fetchJwt: async () => (await call("GET", "/auth/token")).json.token,
    cookie,
  };
}
