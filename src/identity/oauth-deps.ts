import type { Clock } from "#core/clock.js";
import type { Scopeable } from "#core/scopes.js";
import type { Throttle } from "#identity/throttle.js";
import type { OAuthArtifactRows } from "#store/oauth-artifact-rows.js";
import type { OAuthGrantRows } from "#store/oauth-grant-rows.js";

/**
 * The parts that the authorization server needs: `oauth-server`, which is loaded at once, and the engine, at first
 * use.
 */
export interface OAuthServerDeps {
  artifacts: OAuthArtifactRows;
  grants: OAuthGrantRows;
  throttle: Throttle;
  clock: Clock;
  /** SECRET: signs the cookies of requests under way. */
  cookieKey: string;
  /** Those that a program may ask for, whose tenant is not known before somebody lets it in. */
  shared: () => Scopeable;
  scopesSupported: () => string[];
  publicUrl: () => string;
  /** Gets a client's document, through the egress guard and without following redirects. */
  fetchDocument: typeof fetch;
  errorPage: ErrorPage;
  onError: (error: unknown) => void;
}

/** The page for a request that cannot even be sent back to its program. */
export type ErrorPage = (problem: { code: string; description: string | undefined }) => string;
