import ipaddr from "ipaddr.js";
import type { SmtpSettings } from "#identity/mail.js";
import type { SignInSettings } from "#identity/sign-in-providers.js";

type Env = Record<string, string | undefined>;

/** `SKILLETT_SIGN_IN_<GITHUB|GOOGLE|OIDC>_…`: where people may sign in instead of with a password. */
export function readSignIn(env: Env, problems: string[]): SignInSettings {
  const issuer = env.SKILLETT_SIGN_IN_OIDC_ISSUER?.trim();
  const oidc = readClient(env, "OIDC", problems);
  if (oidc && !issuer)
    problems.push("SKILLETT_SIGN_IN_OIDC_ISSUER must be set beside SKILLETT_SIGN_IN_OIDC_CLIENT_ID.");
  if (issuer && !URL.canParse(issuer))
    problems.push("SKILLETT_SIGN_IN_OIDC_ISSUER must look like https://id.example.com.");
  return {
    github: readClient(env, "GITHUB", problems),
    google: readClient(env, "GOOGLE", problems),
    oidc:
      oidc && issuer
        ? { ...oidc, issuer, name: env.SKILLETT_SIGN_IN_OIDC_NAME?.trim() || "your company" }
        : undefined,
  };
}

function readClient(env: Env, word: string, problems: string[]): { id: string; secret: string } | undefined {
  const names = [`SKILLETT_SIGN_IN_${word}_CLIENT_ID`, `SKILLETT_SIGN_IN_${word}_CLIENT_SECRET`] as const;
  const [id, secret] = names.map((name) => env[name]?.trim());
  if (id && secret) return { id, secret };
  if (id || secret) problems.push(`${names[id ? 1 : 0]} must be set beside ${names[id ? 0 : 1]}.`);
  return undefined;
}

/** `SKILLETT_SMTP_URL` and `SKILLETT_MAIL_FROM`. */
export function readSmtp(env: Env, problems: string[]): SmtpSettings | undefined {
  const url = env.SKILLETT_SMTP_URL?.trim();
  const from = env.SKILLETT_MAIL_FROM?.trim();
  if (!url && !from) return undefined;
  if (!url || !URL.canParse(url) || !/^smtps?:$/.test(new URL(url).protocol)) {
    problems.push("SKILLETT_SMTP_URL must look like smtps://user:password@mail.example.com.");
    return undefined;
  }
  if (!from?.includes("@")) {
    problems.push(
      "SKILLETT_MAIL_FROM must be set beside SKILLETT_SMTP_URL: Skillett <skillett@example.com>.",
    );
    return undefined;
  }
  return { url, from };
}

/** `SKILLETT_TRUSTED_PROXIES`: addresses and networks, by commas. */
export function readTrustedProxies(env: Env, problems: string[]): string[] {
  const entries = (env.SKILLETT_TRUSTED_PROXIES ?? "").split(",").map((entry) => entry.trim());
  const given = entries.filter((entry) => entry !== "");
  for (const entry of given) {
    if (ipaddr.isValid(entry) || ipaddr.isValidCIDR(entry)) continue;
    problems.push(`${entry} is no address and no network like 10.0.0.0/8: see SKILLETT_TRUSTED_PROXIES.`);
  }
  return given;
}
