import type { Api } from "#contract/route.js";
import type * as routes from "#contract/sandbox.js";
import { refuseUnlessWhole } from "#core/caller.js";
import type { Sandbox } from "#sandbox/service.js";

export interface SandboxDeps {
  sandbox: Sandbox;
}

export function createSandboxApi({ sandbox }: SandboxDeps): Api<typeof routes> {
  return {
    /** A key for all of it could delete everything one by one as well. */
    async resetSandbox({ caller }) {
      refuseUnlessWhole(caller, "sandbox");
      await sandbox.reset(caller.tenantId);
    },
  };
}
