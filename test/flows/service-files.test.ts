import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createCleanup } from "#support/cleanup.js";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";
import { type Depot, startDepot } from "./depot.js";

/** Files that services take, and give, in their own ways: in steps, at another host, at an address that they name. */
onEachEngine("files of services", (engine) => {
  const cleanup = createCleanup();
  let depot: Depot;
  let skillett: Skillett;
  beforeAll(async () => {
    depot = await startDepot();
    cleanup.add(depot.close);
    skillett = await startSkillett(engine, {
      env: {
        SKILLETT_SLACK_BASE_URL: depot.url,
        SKILLETT_SLACK_FILES_BASE_URL: `${depot.url}/files`,
        SKILLETT_GITHUB_BASE_URL: depot.url,
        SKILLETT_GITHUB_UPLOADS_BASE_URL: `${depot.url}/uploads`,
      },
    });
    cleanup.add(skillett.close);
    await skillett.connect("slack");
    await skillett.connect("github");
  });
  afterAll(() => cleanup.run());

  const run = (endpoint: string, params: object, query = ""): Promise<Reply> =>
    skillett.call("POST", `/v1/${endpoint}${query}`, { body: { params } });
  const upload = async (bytes: Uint8Array) => {
    const headers = { "content-type": "application/pdf" };
    return (await skillett.call("POST", "/v1/files?name=report.pdf", { body: bytes, headers })).json.file.id;
  };
  /** Answers the next request with JSON, and tells what was asked. */
  const answerWith = (body: object) =>
    new Promise<string>((resolve) => {
      depot.next((request, response) => {
        resolve(request.url!);
        response.setHeader("content-type", "application/json").end(JSON.stringify(body));
      });
    });
  const place = (url: string) => ({ ok: true, upload_url: url, file_id: "F7" });

  it("a file is uploaded to a channel in three steps", async () => {
    const bytes = randomBytes(300_000);
    const file = await upload(bytes);
    const asked = answerWith(place(`${depot.url}/files/upload/v1/x?sig=1`));
    const before = depot.received.length;
    const { json } = await run("slack/upload_file", { file, channel: "C1", comment: "For tomorrow" });
    expect(json.status).toBe(200);
    expect(await asked).toBe("/files.getUploadURLExternal?filename=report.pdf&length=300000");
    const [sent, shared] = depot.received.slice(before);
    expect([sent!.method, sent!.path, sent!.headers["content-type"]]).toEqual([
      "POST",
      "/files/upload/v1/x?sig=1",
      "application/pdf",
    ]);
    expect(sent!.body).toEqual(bytes);
    expect(JSON.parse(shared!.body.toString())).toEqual({
      files: [{ id: "F7", title: "report.pdf" }],
      channel_id: "C1",
      initial_comment: "For tomorrow",
    });
    const { calls } = (await skillett.call("GET", "/v1/calls?limit=3")).json;
    expect(calls.map(({ endpoint, via }: Record<string, string>) => [endpoint, via])).toEqual(
      ["complete_upload", "send_upload", "get_upload_address"].map((name) => [name, "upload_file"]),
    );
  });

  it.each(["https://evil.example/upload", "http://127.0.0.1:1/files/upload", "/files/upload"])(
    "the address %s of an answer gets neither the file nor the credential",
    async (address) => {
      const file = await upload(Buffer.from("secret"));
      void answerWith(place(address));
      const before = depot.received.length;
      const { status, json } = await run("slack/upload_file", { file, channel: "C1" });
      expect([status, json.issues[0].at]).toEqual([400, "steps.sent.params.upload_url"]);
      expect(json.issues[0].message).toContain("must be an address below");
      expect(depot.received.length).toBe(before);
    },
  );

  it("a handle that is over is refused before anything is asked", async () => {
    const { json } = await run("slack/upload_file", { file: "file_0", channel: "C1" });
    expect([json.error, json.issues[0].at]).toEqual(["bad_request", "params.file"]);
    expect(json.issues[0].message).toContain("There is no such file");
  });

  it("a dry run shows what is known of the file, and sends nothing", async () => {
    const file = await upload(Buffer.from("hello"));
    const before = depot.received.length;
    const { json } = await run("slack/upload_file", { file, channel: "C1" }, "?dry_run=true");
    expect(json.steps[0].request.url).toContain("filename=report.pdf&length=5");
    expect(json.steps[1].params).toEqual({ upload_url: "{place.upload_url}", file });
    expect(depot.received.length).toBe(before);
  });

  it("the file of a message goes into a release without its bytes in between", async () => {
    const bytes = randomBytes(10_000);
    let authorization: string | undefined;
    depot.next((request, response) => {
      authorization = request.headers.authorization;
      response.setHeader("content-type", "application/zip").end(bytes);
    });
    const file_url = `${depot.url}/files/files-pri/T1-F7/download/app.zip`;
    const { data } = (await run("slack/download_file", { file_url }, "?as=file")).json;
    expect([authorization, data.file.name]).toEqual(["Bearer test-token-0123456789", "app.zip"]);
    const params = { repo: "acme/webapp", release_id: 1, name: "app.zip", file: data.file.id };
    expect((await run("github/upload_release_asset", params)).json.status).toBe(200);
    const { path, headers, body } = depot.received.at(-1)!;
    expect([path, headers["content-type"]]).toEqual([
      "/uploads/repos/acme/webapp/releases/1/assets?name=app.zip",
      "application/zip",
    ]);
    expect(body).toEqual(bytes);
  });

  it("an asset is asked for as bytes", async () => {
    let accept: string | undefined;
    depot.next((request, response) => {
      accept = request.headers.accept;
      response.setHeader("content-type", "application/octet-stream").end("bytes");
    });
    const { data } = (
      await run("github/download_release_asset", { repo: "acme/webapp", asset_id: 7 }, "?as=file")
    ).json;
    expect([accept, data.file.size]).toEqual(["application/octet-stream", 5]);
  });
});
