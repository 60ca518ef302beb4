import { afterEach, beforeEach, expect, it } from "vitest";
import { newUuid } from "#core/ids.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { insertMember } from "#support/world.js";
import { startSmtp } from "./smtp-stand-in.js";

onEachEngine("mail of tasks", (engine) => {
  let smtp: Awaited<ReturnType<typeof startSmtp>>;
  let skillett: Skillett;
  beforeEach(async () => {
    smtp = await startSmtp();
    skillett = await startSkillett(engine, {
      env: { SKILLETT_SMTP_URL: smtp.url, SKILLETT_MAIL_FROM: "skillett@example.com" },
    });
  });
  afterEach(async () => {
    await skillett?.close();
    await smtp?.close();
  });

  it("the mail of a task goes once to everybody who may decide, and to nobody else", async () => {
    const { database } = skillett.app;
    const name = (role: string) => `${role}-${newUuid()}`;
    const [engineer, member, admin] = [name("engineer"), name("member"), name("admin")];
    await insertMember(database, engineer, "engineer");
    await insertMember(database, member, "member");
    await insertMember(database, admin, "admin");
    const ask = () =>
      skillett.call("POST", "/v1/tasks", {
        body: { type: "connector_request", subject: "slack", reason: "To say good morning" },
      });
    expect((await ask()).status).toBe(201);
    expect((await ask()).status).toBe(201);
    const mails = await smtp.count(2);
    expect(mails.flatMap(({ to }) => to).sort()).toEqual([`${admin}@example.com`, `${engineer}@example.com`]);
    for (const { data } of mails) {
      expect(data).toMatch(/^Subject: .*asks for the integration Slack$/m);
      expect(data).toContain("To say good morning");
      expect(data).toContain(`${skillett.url}/dashboard/tasks`);
    }
  });
});
