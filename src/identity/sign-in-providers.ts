import type { BetterAuthOptions } from "better-auth";
import type { GenericOAuthConfig } from "better-auth/plugins";

/** SECRET. Where people may sign in instead of with a password, as the operator has set it up. */
export interface SignInSettings {
  github?: { id: string; secret: string } | undefined;
  google?: { id: string; secret: string } | undefined;
  /** Any OpenID Connect issuer. */
  oidc?: { issuer: string; id: string; secret: string; name: string } | undefined;
}

export interface SignInProviders {
  social: NonNullable<BetterAuthOptions["socialProviders"]>;
  oidc: GenericOAuthConfig | undefined;
  /** For the buttons of the sign-in page. */
  buttons: { id: string; name: string }[];
}

/** Signing up this way follows the same policy: `disableSignUp` unless it is open. */
export function createSignInProviders(settings: SignInSettings, isOpen: boolean): SignInProviders {
  const { github, google, oidc } = settings;
  const client = ({ id, secret }: { id: string; secret: string }) => ({
    clientId: id,
    clientSecret: secret,
    disableSignUp: !isOpen,
  });
  return {
    social: {
      ...(github ? { github: client(github) } : {}),
      ...(google ? { google: client(google) } : {}),
    },
    oidc: oidc && {
      ...client(oidc),
      providerId: "oidc",
      discoveryUrl: `${oidc.issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
      scopes: ["openid", "email", "profile"],
      pkce: true,
    },
    buttons: [
      ...(github ? [{ id: "github", name: "GitHub" }] : []),
      ...(google ? [{ id: "google", name: "Google" }] : []),
      ...(oidc ? [{ id: "oidc", name: oidc.name }] : []),
    ],
  };
}
