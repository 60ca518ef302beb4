import type { ProviderYaml } from "#catalog/front-matter.js";
import type { Source } from "#catalog/load/source.js";
import { checkProviderUrl, withSamples } from "#catalog/load/url-rules.js";
import { placeholders } from "#catalog/template.js";
import type { Path } from "#core/schema-check.js";

type Report = (path: Path, message: string) => void;
type RevokeYaml = NonNullable<ProviderYaml["revoke"]>;

/** Parameters of the authorize URL that stand for something else in the file, or are made for each sign-in. */
const ownParams =
  "response_type client_id redirect_uri state code_challenge code_challenge_method nonce request request_uri response_mode".split(
    " ",
  );
const ownTokenParams =
  "grant_type code redirect_uri client_id client_secret code_verifier refresh_token assertion".split(" ");
const ownClaims = ["iss", "sub", "aud", "iat", "exp", "nbf", "jti"];
const claimValues = ["scope", "issuer", "subject"];
const revokeNames = ["token", "access_token", "client_id"];

/** The rules a provider must keep beyond the shape of its file. */
export function checkProvider(yaml: ProviderYaml, source: Source): void {
  for (const key of ["register_url", "issuer"] as const) {
    const url = yaml[key];
    if (url !== undefined) checkProviderUrl(url, "file", (message) => source.report([key], message));
  }
  for (const key of ["authorize_url", "token_url", "refresh_url"] as const) {
    const url = yaml[key];
    // The settings in it are those of an integration, with whose file they are checked.
    if (url !== undefined) {
      checkProviderUrl(withSamples(url), "file", (message) => source.report([key], message));
    }
  }
  if (yaml.sends_issuer && yaml.issuer === undefined) source.report(["sends_issuer"], "needs the issuer");
  checkAuthorizeParams(yaml, source);
  checkTokenParams(yaml, source);
  checkClaims(yaml, source);
  if (yaml.revoke) {
    checkRevoke(yaml.revoke, (path, message) => source.report(["revoke", ...path], message));
  }
}

function checkAuthorizeParams(yaml: ProviderYaml, source: Source): void {
  const { scope_param: scope = "scope", login_hint_param: hint, authorize_params: params = {} } = yaml;
  for (const name of Object.keys(params)) {
    const path = ["authorize_params", name];
    if (ownParams.includes(name)) source.report(path, "is set by every sign-in itself");
    if (name === scope) source.report(path, "is what the scopes of an integration become");
    if (name === hint) source.report(path, "is the login_hint_param");
  }
}

function checkTokenParams(
  { token_params: always = {}, refresh_params: refresh = {}, scope_param: scope = "scope" }: ProviderYaml,
  source: Source,
): void {
  for (const [key, params] of Object.entries({ token_params: always, refresh_params: refresh })) {
    for (const [name, template] of Object.entries(params)) {
      const report = (message: string) => source.report([key, name], message);
      const isCallback = name === "redirect_uri" && key === "refresh_params";
      if ([...ownTokenParams, scope].includes(name) && !isCallback) report("is set by every request itself");
      const known = key === "refresh_params" ? ["redirect_uri"] : [];
      const unknown = placeholders(template).find((it) => !known.includes(it));
      if (unknown !== undefined)
        report(`{${unknown}} is unknown${known.length > 0 ? ": there is {redirect_uri}" : ""}`);
    }
  }
}

function checkClaims({ assertion }: ProviderYaml, source: Source): void {
  for (const [name, claim] of Object.entries(assertion?.claims ?? {})) {
    const report = (message: string) => source.report(["assertion", "claims", name], message);
    if (ownClaims.includes(name)) report("is set by every assertion itself");
    const unknown = placeholders(String(claim)).filter((value) => !claimValues.includes(value));
    if (unknown.length > 0) report(`{${unknown[0]}} is unknown: there are {scope}, {issuer}, {subject}`);
  }
}

function checkRevoke(revoke: RevokeYaml, report: Report): void {
  const { request, headers = {}, params = {}, body = "form", client_auth: clientAuth = "none" } = revoke;
  const [method, url = ""] = request.split(" ");
  checkProviderUrl(withSamples(url), "file", (message) => report(["request"], message));
  const secret = placeholders(url).find((name) => ["token", "access_token"].includes(name));
  if (secret !== undefined)
    report(["request"], `{${secret}} would end up in logs: a URL may have {client_id}`);
  checkRevokeTemplates({ headers, params }, report);
  if (method === "GET" && body !== "none") report(["body"], "a GET has none: say body: none");
  if (body === "none" && Object.keys(params).length > 0) report(["params"], "body: none sends none");
  if (body === "none" && clientAuth === "body") report(["client_auth"], "body: none has no room for it");
  if (clientAuth === "basic" && "authorization" in headers) {
    report(["headers", "authorization"], "is what client_auth: basic writes");
  }
}

/** An operator's URL. The only name its template may have is the client's, which is public; a token would end up in logs. */
export function checkRevokeUrl(template: string, report: (message: string) => void): void {
  const unknown = placeholders(template).filter((name) => name !== "client_id");
  if (unknown.length > 0) report(`{${unknown[0]}} is unknown: a URL may have {client_id}`);
  checkProviderUrl(template.replaceAll(/[{}]/g, ""), "operator", report);
}

function checkRevokeTemplates(parts: Record<string, Record<string, string>>, report: Report): void {
  const used = new Set<string>();
  for (const [part, templates] of Object.entries(parts)) {
    for (const [key, template] of Object.entries(templates)) {
      for (const name of placeholders(template)) {
        used.add(name);
        if (revokeNames.includes(name)) continue;
        const known = revokeNames.map((it) => `{${it}}`).join(", ");
        report([part, key], `{${name}} is unknown: there are ${known}`);
      }
    }
  }
  if (!used.has("token") && !used.has("access_token")) report([], "sends no token: say where {token} goes");
}
