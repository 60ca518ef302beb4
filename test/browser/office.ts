import { type Skillett, startSkillett } from "#support/skillett.js";
import { createVisitor, password } from "#support/visitor.js";
import { addMember, type Person, toPerson } from "#support/world.js";
import { startSmtp } from "../flows/smtp-stand-in.js";
import { type Account, ada } from "./steps.js";

export const grace: Account = { name: "Grace", email: "grace@example.com", password };

/** A tenant where work goes on: Ada owns it, Grace is a member, and a skill is published that nobody has yet. */
export interface Office {
  skillett: Skillett;
  smtp: Awaited<ReturnType<typeof startSmtp>>;
  /** Ada at a browser without pages. */
  owner: Person;
  /** SECRET. A key of Ada's that is bound to a new agent. */
  hire(name: string): Promise<{ agentId: string; key: string }>;
  close(): Promise<void>;
}

export const skillName = "release-notes";

export async function openOffice(): Promise<Office> {
  const smtp = await startSmtp();
  const skillett = await startSkillett("sqlite", {
    env: {
      SKILLETT_SIGN_UP: "open",
      SKILLETT_SMTP_URL: smtp.url,
      SKILLETT_MAIL_FROM: "skillett@example.com",
    },
  });
  const owner = await join(skillett, ada);
  const member = await join(skillett, grace);
  await addMember(skillett, member, owner.tenantId, "member");
  await leave(skillett, member);
  await skillett.setPlan("unlimited");
  await owner.call("POST", "/api/skills", {
    name: skillName,
    description: "Writes release notes.",
    instructions: "List what was merged.",
    publish: "1.0.0",
  });
  return {
    skillett,
    smtp,
    owner,
    async hire(name) {
      const { agent } = (await owner.call("POST", "/api/agents", { name })).json;
      const { json } = await owner.call("POST", "/api-keys", { name, agent_id: agent.id });
      return { agentId: agent.id, key: json.full_key };
    },
    async close() {
      await skillett.close();
      await smtp.close();
    },
  };
}

/** Signs up, confirms the address as the link in the mail would, and signs in. */
async function join({ url, app }: Skillett, { name, email, password }: Account): Promise<Person> {
  const visitor = createVisitor(url);
  await visitor.signUp({ name, email, password });
  await app.database.kysely
    .updateTable("profiles")
    .set({ email_verified: 1 })
    .where("email", "=", email)
    .execute();
  await visitor.signIn(email, password);
  return toPerson(visitor);
}

/** Takes somebody out of the tenant of their own, so that they sign in to the office. */
async function leave({ app }: Skillett, { tenantId }: Person): Promise<void> {
  await app.database.kysely.deleteFrom("memberships").where("tenant_id", "=", tenantId).execute();
}
