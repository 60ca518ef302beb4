import type { Clock } from "#core/clock.js";
import type { Scopeable } from "#core/scopes.js";
import type { Throttle } from "#identity/throttle.js";
import type { OAuthArtifactRows } from "#store/oauth-artifact-rows.js";
import type { OAuthGrantRows } from "#store/oauth-grant-rows.js";

/** What the authorization server needs: its light door, and the heavy engine behind it. */
export interface OAuthServerDeps {
  artifacts: OAuthArtifactRows;
  grants: OAuthGrantRows;
  throttle: Throttle;
  clock: Clock;
  /** SECRET: signs the cookies of requests under way. */
  cookieKey: string;
  /** What a scope may name. */
  integrations: Scopeable;
  scopesSupported: string[];
  publicUrl: () => string;
  /** Gets a client's document, through the egress guard and without following redirects. */
  fetchDocument: typeof fetch;
  errorPage: ErrorPage;
  onError: (error: unknown) => void;
}

/** What a person sees when a request cannot even be sent back to who sent it. */
export type ErrorPage = (problem: { code: string; description: string | undefined }) => string;
