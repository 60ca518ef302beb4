import type { Registry } from "prom-client";
import { claimDone, claimForm, claimGone } from "#api/claim-page.js";
import type { Contract } from "#contract/contract.js";
import type { Api, RawReply } from "#contract/route.js";
import { pageHeaders } from "#core/html.js";
import type { Ownership } from "#identity/owner.js";
import type { Database } from "#store/database.js";

type Names = "health" | "ready" | "metrics" | "claimPage" | "claim";

interface Deps {
  database: Database;
  metrics: Registry;
  ownership: Ownership;
  version: string;
}

export function systemApi({ database, metrics, ownership, version }: Deps): Pick<Api<Contract>, Names> {
  return {
    health: () => ({ status: "ok", version }),
    async ready() {
      await database.ping();
      return { status: "ready" };
    },
    async metrics() {
      return { body: await metrics.metrics(), headers: { "content-type": metrics.contentType } };
    },
    async claimPage({ query: { token } }) {
      const good = token !== undefined && (await ownership.isClaimToken(token));
      return html(good ? claimForm(token) : claimGone());
    },
    async claim({ body }) {
      await ownership.claim(body.token, { email: body.email, displayName: body.display_name });
      return html(claimDone(body.display_name));
    },
  };
}

function html(body: string): RawReply {
  return { body, headers: pageHeaders };
}
