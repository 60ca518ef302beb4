import { createPrivateKey, type KeyObject } from "node:crypto";
import { readPath } from "#catalog/body.js";
import type { Grant } from "#catalog/integration.js";
import type { AssertionAlgorithm } from "#catalog/provider.js";
import { lineIssue } from "#catalog/request/values.js";

/** The parts of an assertion that a person gives, as fields or in a key file. @see RFC 7523 §3 */
export const assertionParts = ["issuer", "private_key", "key_id", "subject"];

/** Fields by name. SECRET. */
type Fields = Record<string, string>;

const minBits = 2048;
/** Signing with a longer key takes seconds. */
const maxBits = 8192;
const curves: Record<string, string> = { ES256: "prime256v1", ES384: "secp384r1", ES512: "secp521r1" };

/** Why a text cannot be this field of a service account, or null. The message never shows it. */
export function assertionFieldIssue(grant: Grant, field: string, value: string): string | null {
  if (field === grant.keyFile?.field) return keyFileIssue(grant, value);
  return field === "private_key" ? keyIssue(value, grant.provider.assertion.algorithm) : lineIssue(value);
}

/**
 * The parts of an assertion, taken out of the key file where that is what was given: the rest of it is of no use, and
 * is not kept. SECRET.
 */
export function readKeyFile({ keyFile }: Grant, given: Fields): Fields {
  const { [keyFile?.field ?? ""]: file, ...others } = given;
  const parts = file === undefined ? {} : partsOf(keyFile!.parts, JSON.parse(file));
  const credential: Fields = { ...parts, ...others };
  return { ...credential, private_key: toPem(credential.private_key ?? "") };
}

/** The fields that were given, where the members of a key file stand for that file itself. SECRET. */
export function gatherKeyFile(grant: Grant | null, fields: readonly string[], given: Fields): Fields {
  const keyFile = grant?.keyFile;
  if (!keyFile || Object.hasOwn(given, keyFile.field)) return given;
  if (Object.values(keyFile.parts).some((path) => readPath(given, path) === undefined)) return given;
  const entries = Object.entries(given);
  const file = Object.fromEntries(entries.filter(([name]) => !fields.includes(name)));
  const others = Object.fromEntries(entries.filter(([name]) => fields.includes(name)));
  return { ...others, [keyFile.field]: JSON.stringify(file) };
}

function keyFileIssue({ keyFile, provider }: Grant, text: string): string | null {
  const file = parseObject(text);
  if (file === undefined) return "must be a key file, which is a JSON object";
  for (const [part, path] of Object.entries(keyFile!.parts)) {
    const value = readPath(file, path);
    if (typeof value !== "string" || value === "") return `has no ${path}: is it the key file?`;
    const issue = part === "private_key" ? keyIssue(value, provider.assertion.algorithm) : lineIssue(value);
    if (issue !== null) return `has a ${path} that ${issue}`;
  }
  return null;
}

function partsOf(parts: Record<string, string>, file: unknown): Fields {
  return Object.fromEntries(
    Object.entries(parts).map(([part, path]) => [part, readPath(file, path) as string]),
  );
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function keyIssue(text: string, algorithm: AssertionAlgorithm): string | null {
  const key = parseKey(text);
  if (!key) return "must be a private key in PEM, without a passphrase";
  const { asymmetricKeyType: type, asymmetricKeyDetails: { modulusLength = 0, namedCurve } = {} } = key;
  if (algorithm === "EdDSA") return type === "ed25519" ? null : "must be an Ed25519 key";
  const curve = curves[algorithm];
  if (curve !== undefined) return namedCurve === curve ? null : `must be an EC key for ${algorithm}`;
  const isLong = type === "rsa" && modulusLength >= minBits && modulusLength <= maxBits;
  return isLong ? null : `must be an RSA key of ${minBits} to ${maxBits} bits`;
}

function parseKey(text: string): KeyObject | undefined {
  try {
    return createPrivateKey(toPem(text));
  } catch {
    return undefined;
  }
}

/** A key in PEM, whose line breaks a form or a shell has changed or left out. @see RFC 7468 §2 */
function toPem(text: string): string {
  const [, label, inner] =
    /-----BEGIN ((?:[A-Z]+ )?PRIVATE KEY)-----([^-]*)-----END \1-----/.exec(text) ?? [];
  if (label === undefined || inner === undefined) return text;
  const lines = inner.replaceAll(/\\[nr]|\s/g, "").match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}
