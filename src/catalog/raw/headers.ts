import type { Integration } from "#catalog/integration.js";
import { isAscii, lineIssue } from "#catalog/request/values.js";
import type { Issue } from "#core/errors.js";

const maxHeaders = 30;
/** Characters of one value, and of all names and values. */
const maxValue = 4096;
const maxAll = 16_384;

/**
 * Headers that are not the caller's, and why: those of the connection, of the credential, of proxies on the way; those by
 * which a server takes the request for another one than we saw; and those that make an answer one in which a credential
 * would not be found.
 *
 * @see RFC 9110 §7.6.1, §11.6, §14
 */
const refused: readonly [RegExp, string][] = [
  [
    /^(connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|http2-settings|host|content-length)$/,
    "says how the request is sent, which is for the server to say",
  ],
  [/^(authorization|cookie2?|proxy-.*)$/, "is where credentials go: the connection has it"],
  [/^(forwarded|via|x-forwarded-.*|x-real-ip)$/, "is for proxies"],
  [
    /^(x-http-method(-override)?|x-method-override|x-original-url|x-rewrite-url|x-original-method)$/,
    "would make it another request than the one that is checked: write that one",
  ],
  [/^(accept-encoding|range|if-range)$/, "is not possible: answers are read as a whole, and masked"],
];

/** The issues of the headers of a raw request, at `headers.x-name` and the like. */
export function headerIssues(
  integration: Pick<Integration, "auth" | "headers">,
  headers: Readonly<Record<string, string>>,
): Issue[] {
  const entries = Object.entries(headers);
  const all = entries.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (entries.length > maxHeaders) return [{ at: "headers", message: `must not be more than ${maxHeaders}` }];
  if (all > maxAll) return [{ at: "headers", message: `must not have more than ${maxAll} characters` }];
  const names = entries.map(([name]) => name.toLowerCase());
  return entries.flatMap(([name, value], at) => {
    const twice = names.indexOf(names[at]!) < at ? "is there twice" : null;
    const message = twice ?? nameIssue(integration, names[at]!) ?? valueIssue(value);
    return message === null ? [] : [{ at: `headers.${name}`, message }];
  });
}

function nameIssue({ auth, headers }: Pick<Integration, "auth" | "headers">, name: string): string | null {
  // A token. @see RFC 9110 §5.6.2
  if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) return "is no name of a header";
  const [, why] = refused.find(([pattern]) => pattern.test(name)) ?? [];
  if (why !== undefined) return why;
  const ofAuth = Object.values(auth).flatMap((method) => Object.keys(method.headers));
  if (hasName(ofAuth, name)) return "is where the credential goes: the connection has it";
  // The form of the answer is for its reader to say.
  return name !== "accept" && hasName(Object.keys(headers), name) ? "is set by the integration" : null;
}

const hasName = (names: readonly string[], name: string) => names.some((it) => it.toLowerCase() === name);

function valueIssue(value: string): string | null {
  if (value.length > maxValue) return `must not have more than ${maxValue} characters`;
  return lineIssue(value) ?? (isAscii(value) ? null : "must be ASCII");
}
