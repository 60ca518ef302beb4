import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createCleanup, endOnSignals } from "#support/cleanup.js";
import { startReady } from "#support/ready-process.js";
import { readDockerfile, readDockerignore, type Stage } from "./dockerfile.js";
import { say, tryProgram } from "./try-program.js";

/**
 * Carries out the steps of the Dockerfile without a container engine, each stage in a fresh Debian that debootstrap makes,
 * and uses what is in the last one, as its user. The base image is not the real one: its Node and npm are those that
 * run this. Needs root, for chroot. Keeps nothing.
 */

const root = fileURLToPath(new URL("..", import.meta.url));
const limitMs = 10 * 60_000;
const trusted = "/etc/ssl/certs/ca-certificates.crt";
const standardPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

const cleanup = createCleanup();
endOnSignals(cleanup, limitMs);
try {
  await checkImage();
} catch (error) {
  process.stderr.write(`The image does not work: ${(error as Error).message}\n`);
  process.exitCode = 1;
} finally {
  await cleanup.run();
}

async function checkImage(): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error("this needs root");
  if (!existsSync("/usr/sbin/debootstrap"))
    throw new Error("this needs debootstrap: apt-get install debootstrap");
  const directory = mkdtempSync(path.join(tmpdir(), "skillett-image-"));
  cleanup.add(() => rm(directory, { recursive: true, force: true }));
  const base = path.join(directory, "base");
  makeBase(base);
  const stages = readDockerfile(readFileSync(path.join(root, "Dockerfile"), "utf8"));
  const roots = new Map<string, string>();
  for (const [at, stage] of stages.entries()) {
    const stageRoot = path.join(directory, `stage-${at}`);
    roots.set(stage.name ?? String(at), stageRoot);
    execFileSync("cp", ["--archive", "--reflink=auto", base, stageRoot]);
    build(stage, stageRoot, roots);
    say(`built stage ${stage.name ?? at}`);
  }
  const last = stages.at(-1)!;
  await use(last, roots.get(last.name ?? String(stages.length - 1))!);
}

/** A stand-in for node:…-bookworm-slim: a minimal Debian, this Node with its npm, and the user `node`. */
function makeBase(base: string): void {
  const mirror = execFileSync("apt-get", ["indextargets", "--format", "$(SITE)"], { encoding: "utf8" })
    .split("\n")
    .find((site) => /\/debian\/?$/.test(site));
  const options = ["--variant=minbase", "--include=libstdc++6,ca-certificates"];
  execFileSync("debootstrap", [...options, "bookworm", base, ...(mirror ? [mirror] : [])], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  cpSync(process.execPath, path.join(base, "usr/local/bin/node"));
  const npm = path.dirname(path.dirname(realpathSync(programOf("npm"))));
  cpSync(npm, path.join(base, "usr/local/lib/node_modules/npm"), { recursive: true, dereference: true });
  inRoot(base, "root", {}, ["ln", "-s", "../lib/node_modules/npm/bin/npm-cli.js", "/usr/local/bin/npm"]);
  inRoot(base, "root", {}, ["useradd", "--uid", "1000", "--create-home", "node"]);
  // The root reaches the package registry in the way this machine does.
  for (const file of ["/etc/resolv.conf", "/etc/hosts", trusted])
    cpSync(realpathSync(file), path.join(base, file));
}

function programOf(name: string): string {
  return execFileSync("which", [name], { encoding: "utf8" }).trim();
}

function build(stage: Stage, stageRoot: string, roots: ReadonlyMap<string, string>): void {
  const npm = npmSettings();
  if (!/^node:\d+-bookworm-slim$/.test(stage.image)) throw new Error(`${stage.image} is not what we made`);
  for (const { kind, args, from, folder, user } of stage.steps) {
    const here = path.join(stageRoot, folder);
    mkdirSync(here, { recursive: true });
    if (kind === "RUN") {
      inRoot(stageRoot, user, { ...stage.env, ...npm }, ["sh", "-c", `cd ${folder} && ${args[0]}`]);
    } else {
      const target = args.at(-1)!;
      for (const source of args.slice(0, -1))
        copy(
          from === undefined ? root : roots.get(from)!,
          source,
          path.join(here, target),
          from !== undefined,
        );
    }
  }
}

/** Packages come from the registry that this machine uses, by the certificates that it trusts. */
function npmSettings(): Record<string, string> {
  const registry = execFileSync("npm", ["config", "get", "registry"], { encoding: "utf8" }).trim();
  return { npm_config_registry: registry, npm_config_cafile: trusted };
}

/** Copies the contents of a folder; of the sources, only the names that `.dockerignore` includes. */
function copy(fromRoot: string, source: string, target: string, isStage: boolean): void {
  const { included, excluded } = readDockerignore(readFileSync(path.join(root, ".dockerignore"), "utf8"));
  const filter = (name: string) => isStage || !excluded.includes(path.basename(name));
  const found = path.join(fromRoot, source);
  if (isStage) cpSync(found, target, { recursive: true, verbatimSymlinks: true });
  else if (source !== ".")
    cpSync(found, path.join(target, path.basename(source)), { recursive: true, filter });
  else
    for (const name of readdirSync(root).filter((it) => included.includes(it)))
      cpSync(path.join(root, name), path.join(target, name), { recursive: true, filter });
}

/** Runs it with mounts of its own, which end with it. `exec` puts the program in the place of the shell. */
function chroot(stageRoot: string, user: string, command: string[]): [string, ...string[]] {
  const mounts = 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev"';
  const enter = `${mounts} && exec chroot --userspec=${user} "$0" "$@"`;
  return ["unshare", "--mount", "sh", "-c", enter, stageRoot, ...command];
}

function inRoot(stageRoot: string, user: string, env: Record<string, string>, command: string[]): string {
  const [program, ...args] = chroot(stageRoot, user, command);
  return execFileSync(program, args, {
    env: { PATH: standardPath, HOME: "/root", ...env },
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
  });
}

async function use(stage: Stage, stageRoot: string): Promise<void> {
  const { user, entrypoint, command, health } = stage;
  const env = { ...stage.env, PATH: standardPath, HOME: "/home/node" };
  const who = inRoot(stageRoot, user, env, ["id", "--user"]).trim();
  if (who === "0") throw new Error("the last stage runs as root");
  const tools = ["esbuild", "typescript", "vite"].filter((name) =>
    existsSync(path.join(stageRoot, stage.folder, "node_modules", name)),
  );
  if (tools.length > 0) throw new Error(`the last stage has ${tools.join(", ")}`);
  const [program, ...first] = chroot(stageRoot, user, entrypoint);

  // With the settings of the image alone, except the port, and checked by the image's own check of health.
  const up = { env: { ...env, SKILLETT_PORT: "0" } };
  const server = await cleanup.track(startReady(program, [...first, ...command], up));
  const listening = { ...env, SKILLETT_PORT: new URL(server.url).port };
  inRoot(stageRoot, user, listening, health);
  await server.stop();
  if (isHealthy(() => inRoot(stageRoot, user, listening, health)))
    throw new Error("its check of health does not notice that the server has ended");
  say(`${[...entrypoint, ...command].join(" ")}: healthy, as user ${who}`);

  const own = { SKILLETT_DATA_DIR: "/tmp/data", SKILLETT_CONFIG_FILE: "/tmp/config.json" };
  const folder = { here: path.join(stageRoot, "tmp"), there: "/tmp" };
  await tryProgram({ command: [program, ...first], env: { ...env, ...own }, up: [], folder }, cleanup);
}

function isHealthy(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}
