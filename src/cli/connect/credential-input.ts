import { isObject } from "#cli/run/flag-values.js";
import { UsageError } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { promptHidden, promptShown } from "#cli/terminal/prompt.js";
import { checkSecret, readSecret, refuseOnCommandLine } from "#cli/terminal/secret-input.js";
import { readStdin } from "#cli/terminal/text-input.js";
import type { ErrorBody } from "#core/errors.js";

export interface CredentialOptions {
  /** `-` is stdin, `true` is the flag alone. Anything else is a SECRET in the wrong place. */
  token?: string | boolean;
  credentials?: string | boolean;
}

/** SECRET. Field → value, as the integration asks for them. */
export type Credentials = Record<string, string>;

/**
 * The credential given with `--token` or `--credentials`; undefined when neither is there.
 *
 * @throws UsageError before anything is read when a SECRET stands on the command line
 */
export async function readCredentials(
  integration: string,
  options: CredentialOptions,
  host: Host,
): Promise<Credentials | undefined> {
  const asking = `skillett connect ${integration}`;
  const token = {
    what: "token",
    flag: "--token",
    value: options.token,
    question: `Token for ${integration}: `,
    asking,
    piping: `${asking} --token - < token.txt`,
  };
  const piping = `${asking} --credentials - < credentials.json`;
  const value = options.credentials;
  refuseOnCommandLine(token, host);
  refuseOnCommandLine({ what: "credential", flag: "--credentials", value, asking, piping }, host);
  if (options.token !== undefined && value !== undefined)
    throw new UsageError("--token and --credentials exclude each other.", [token.piping, piping]);
  if (options.token !== undefined) return { token: await readSecret(token, host) };
  if (value === undefined) return undefined;
  if (value !== "-" || host.stdin().isTTY)
    throw new UsageError("The credentials are read from stdin, as a JSON object.", [piping]);
  return parseCredentials(await readStdin(host, "The credentials"), piping);
}

/** Its errors do not quote the text: it is SECRET, and a parser's own message would quote it. */
function parseCredentials(text: string, piping: string): Credentials {
  const value = jsonOf(text);
  const entries = isObject(value) ? Object.entries(value) : [];
  if (entries.length === 0 || !entries.every(([, field]) => typeof field === "string" && field !== "")) {
    throw new UsageError(
      'The credentials must be a JSON object of texts, such as {"client_id": "…", "client_secret": "…"}.',
      [piping],
    );
  }
  return Object.fromEntries(entries) as Credentials;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A field of a credential or a setting, and what a person calls it. */
interface Field {
  name: string;
  label: string;
  /** Settings are no secrets. */
  isSetting: boolean;
}

/** Given by a person who was asked. SECRET. */
export interface Entered {
  credentials: Credentials | undefined;
  settings: Record<string, string>;
}

/** `--setting subdomain=acme`, once for each. */
export function readSettings(given: string[] = []): Record<string, string> {
  const pairs = given.map((text) => {
    const [, name, value] = /^(\w+)=(.+)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined)
      throw new UsageError("--setting wants a name and a value, such as --setting subdomain=acme.");
    return [name, value.trim()];
  });
  return Object.fromEntries(pairs);
}

/** The fields a refused `connect` has asked for; none when it was refused for something else. */
export function fieldsAskedFor({ error, issues = [], next = [] }: ErrorBody): Field[] {
  if (error !== "bad_request") return [];
  const fields = issues.flatMap(({ at, message }) => {
    const [, part, name] = /^(credentials|settings)\.(\w+)$/.exec(at) ?? [];
    return name === undefined
      ? []
      : [{ name, label: labelOf(name, message), isSetting: part === "settings" }];
  });
  if (fields.length > 0) return fields;
  return next.some((command) => command.includes(" --token -"))
    ? [{ name: "token", label: "Token", isSetting: false }]
    : [];
}

function labelOf(name: string, message: string): string {
  return /^is required: (.+)$/.exec(message)?.[1] ?? name.replaceAll("_", " ");
}

/** Asks for each on the terminal; only settings are shown as they are typed. */
export async function askForFields(fields: Field[], integration: string, host: Host): Promise<Entered> {
  const credentials: Credentials = {};
  const settings: Record<string, string> = {};
  for (const { name, label, isSetting } of fields) {
    const ask = isSetting ? promptShown : promptHidden;
    const text = await ask(host, `${label} for ${integration}: `);
    if (text === "") throw new UsageError(`${label} is empty.`, [`skillett connect ${integration}`]);
    if (isSetting) settings[name] = text.trim();
    else credentials[name] = name === "token" ? checkSecret(text, "token", []) : text;
  }
  return { credentials: Object.keys(credentials).length > 0 ? credentials : undefined, settings };
}
