import type { Registry } from "prom-client";
import { claimDone, claimForm, claimGone } from "#api/claim-page.js";
import type { Api, RawReply } from "#contract/route.js";
import type * as routes from "#contract/system.js";
import { SkillettError, unavailable } from "#core/errors.js";
import { pageHeaders } from "#core/html.js";
import type { Ownership } from "#identity/owner.js";
import type { SignUp } from "#identity/sign-up.js";

export interface SystemDeps {
  /** Resolves when the database keeps what it is given. */
  probe: () => Promise<void>;
  metrics: Registry;
  ownership: Ownership;
  signUp: SignUp;
  /** Where people may sign in instead of with a password. */
  signInButtons: { id: string; name: string }[];
  version: string;
}

export function createSystemApi({
  probe,
  metrics,
  ownership,
  signUp,
  signInButtons,
  version,
}: SystemDeps): Api<typeof routes> {
  return {
    health: () => ({ status: "ok", version }),
    async ready() {
      await probe().catch((cause) => {
        throw unavailable(cause) ?? new SkillettError("unavailable", { cause });
      });
      return { status: "ready" };
    },
    async metrics() {
      return { body: await metrics.metrics(), headers: { "content-type": metrics.contentType } };
    },
    async claimPage({ query: { token } }) {
      const good = token !== undefined && (await ownership.isClaimToken(token));
      return html(good ? claimForm(token) : claimGone());
    },
    async claim({ body: { token, email, display_name: displayName, password }, address }) {
      const cookies = await ownership.claim(token, { email, displayName, password }, address);
      return { body: claimDone(displayName), headers: { ...pageHeaders, "set-cookie": cookies } };
    },
    async getSignInOptions() {
      const { policy } = signUp;
      return {
        sign_up: policy === "first" ? "closed" : policy,
        providers: signInButtons,
        claimed: await ownership.isClaimed(),
      };
    },
  };
}

function html(body: string): RawReply {
  return { body, headers: pageHeaders };
}
