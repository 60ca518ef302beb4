import { newUuid } from "#core/ids.js";
import { type Skillett, startSkillett } from "#support/skillett.js";
import { createVisitor, password, type Visitor } from "#support/visitor.js";
import { startSmtp } from "../flows/smtp-stand-in.js";
import { ada, type Person } from "./people.js";

export const grace: Person = { name: "Grace", email: "grace@example.com", password };

/** A tenant where work goes on: Ada owns it, Grace is a member, and a skill is published that nobody has yet. */
export interface Office {
  skillett: Skillett;
  smtp: Awaited<ReturnType<typeof startSmtp>>;
  /** Ada at a browser without pages. */
  owner: Visitor;
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
  const { tenantId } = (await owner.call("GET", "/api/me")).json;
  const member = await join(skillett, grace);
  await moveTo(skillett, member, tenantId);
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
async function join({ url, app }: Skillett, { name, email, password }: Person): Promise<Visitor> {
  const visitor = createVisitor(url);
  await visitor.signUp({ name, email, password });
  await app.database.kysely
    .updateTable("profiles")
    .set({ email_verified: 1 })
    .where("email", "=", email)
    .execute();
  const { status, text } = await visitor.signIn(email, password);
  if (status !== 200) throw new Error(`${email} could not sign in: ${text}`);
  return visitor;
}

/** Makes somebody a member of this tenant, and of no other. */
async function moveTo({ app }: Skillett, visitor: Visitor, tenant_id: string): Promise<void> {
  const { profile } = (await visitor.call("GET", "/api/me")).json;
  const { kysely } = app.database;
  await kysely.deleteFrom("memberships").where("profile_id", "=", profile.id).execute();
  const facts = { id: newUuid(), profile_id: profile.id, created_at: Date.now() };
  await kysely
    .insertInto("memberships")
    .values({ ...facts, tenant_id, role: "member" })
    .execute();
}
