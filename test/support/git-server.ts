import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { closeServer, listen } from "#support/loopback.js";

/** Is git here? Tests of repositories need it; the program does not. */
export const hasGit = spawnSync("git", ["http-backend"], { env: {} }).error === undefined;

/** What a repository holds: text, bytes, a script, or where a link leads. */
type Content = string | Buffer | { script: string } | { link: string } | { submodule: string };

/** A real git server on loopback, `git http-backend` behind HTTP, with repositories made for a test. */
export interface GitServer {
  url: string;
  /** Requests so far, `POST /notes.git/git-upload-pack`, and the credentials that came with them. */
  requests: { line: string; authorization: string | undefined; sent: string }[];
  /** Makes a commit of exactly these files on a branch. */
  commit(repository: string, files: Record<string, Content>, branch?: string): void;
  /** Any git command in the working folder of a repository. */
  git(repository: string, ...args: string[]): string;
  /** From here on who reads must give this as user and password; null lets everybody. */
  lock(userAndPassword: string | null): void;
  close(): Promise<void>;
}

export async function startGitServer(): Promise<GitServer> {
  const root = mkdtempSync(path.join(tmpdir(), "skillett-git-"));
  const work = (repository: string) => path.join(root, "work", repository);
  const requests: GitServer["requests"] = [];
  let password: string | null = null;
  const server = createServer((request, response) => {
    const { authorization } = request.headers;
    const seen = { line: `${request.method} ${request.url}`, authorization, sent: "" };
    requests.push(seen);
    request.on("data", (chunk) => {
      seen.sent += chunk.toString("latin1");
    });
    const wanted = password && `Basic ${Buffer.from(password).toString("base64")}`;
    if (wanted && authorization !== wanted) response.writeHead(401).end();
    else serve(path.join(root, "bare"), request, response);
  });
  const url = await listen(server);

  function git(repository: string, ...args: string[]): string {
    const env = { PATH: process.env.PATH, HOME: root, GIT_CONFIG_NOSYSTEM: "1" };
    const who = [
      "-c",
      "user.name=Test",
      "-c",
      "user.email=test@example.com",
      "-c",
      "init.defaultBranch=main",
    ];
    return execFileSync("git", [...who, "-C", work(repository), ...args], {
      env,
      encoding: "utf8",
      stdio: "pipe",
    });
  }

  function create(repository: string): void {
    mkdirSync(work(repository), { recursive: true });
    git(repository, "init", "--quiet");
    const bare = path.join(root, "bare", `${repository}.git`);
    git(repository, "init", "--quiet", "--bare", bare);
    git(repository, "remote", "add", "origin", bare);
  }

  return {
    url,
    requests,
    git,
    commit(repository, files, branch = "main") {
      if (!isRepository(work(repository))) create(repository);
      git(repository, "checkout", "--quiet", "-B", branch);
      git(repository, "rm", "-r", "--quiet", "--ignore-unmatch", ".");
      for (const [name, content] of Object.entries(files)) put(path.join(work(repository), name), content);
      git(repository, "add", "--all", "--force");
      for (const [name, content] of Object.entries(files))
        if (typeof content === "object" && "submodule" in content)
          git(repository, "update-index", "--add", "--cacheinfo", `160000,${content.submodule},${name}`);
      git(repository, "commit", "--quiet", "--allow-empty", "-m", "A change");
      git(repository, "push", "--quiet", "--force", "origin", branch);
    },
    lock(userAndPassword) {
      password = userAndPassword;
    },
    async close() {
      await closeServer(server);
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Is there a repository already? */
function isRepository(folder: string): boolean {
  return spawnSync("git", ["-C", folder, "rev-parse", "--git-dir"]).status === 0;
}

function put(file: string, content: Content): void {
  if (typeof content === "object" && "submodule" in content) return;
  mkdirSync(path.dirname(file), { recursive: true });
  if (typeof content === "string" || Buffer.isBuffer(content)) writeFileSync(file, content);
  else if ("link" in content) symlinkSync(content.link, file);
  else {
    writeFileSync(file, content.script);
    chmodSync(file, 0o755);
  }
}

/** @see RFC 3875 (CGI), git-http-backend(1) */
function serve(root: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(request.url!, "http://localhost");
  const { "git-protocol": protocol, "content-type": type } = request.headers;
  const child = spawn("git", ["http-backend"], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_CONFIG_NOSYSTEM: "1",
      // Tests run as whoever they run as.
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "safe.directory",
      GIT_CONFIG_VALUE_0: "*",
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      ...(type ? { CONTENT_TYPE: type } : {}),
      ...(typeof protocol === "string" ? { GIT_PROTOCOL: protocol } : {}),
    },
  });
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.on("close", () => {
    const output = Buffer.concat(chunks);
    const end = output.indexOf("\r\n\r\n");
    const fields = output
      .toString("latin1", 0, end)
      .split("\r\n")
      .map((line) => line.split(": ") as [string, string]);
    const headers = Object.fromEntries(fields.filter(([name]) => name !== "Status"));
    const status = Number.parseInt(fields.find(([name]) => name === "Status")?.[1] ?? "200", 10);
    response.writeHead(status, headers).end(output.subarray(end + 4));
  });
}
