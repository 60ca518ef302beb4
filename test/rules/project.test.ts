import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { readMarkdown } from "./markdown.js";
import { importsOf, isTest, nodesOf, packageName, readSource, readSources, root } from "./sources.js";

interface Manifest {
  version: string;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

interface Lock {
  packages: Record<
    string,
    { version?: string; resolved?: string; integrity?: string; link?: boolean } & Manifest
  >;
}

const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const manifest: Manifest = JSON.parse(read("package.json"));
const lock: Lock = JSON.parse(read("package-lock.json"));

describe("tracked files", () => {
  const files = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" })
    .split("\0")
    .filter((file) => file !== "" && existsSync(path.join(root, file)))
    .map((file) => ({ file, text: read(file) }));

  it("tracked files name no place on somebody's machine", () => {
    const place = /(?<![\w.~}])\/(?:work|root|home\/\w+|Users\/\w+)\//;
    expect(files.filter(({ text }) => place.test(text)).map(({ file }) => file)).toEqual([]);
  });

  it("tracked files name no package registry", () => {
    const registry = /\bregistry\.[\w-]+\.\w+|\/\/[\w.-]*(?:artifactory|verdaccio|nexus|npmmirror)[\w.-]*/i;
    const others = files.filter(({ file }) => file !== "package-lock.json");
    expect(others.filter(({ text }) => registry.test(text)).map(({ file }) => file)).toEqual([]);
  });
});

describe("packages", () => {
  it("packages are pinned exactly", () => {
    const ranges = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
    );
    expect(ranges).toEqual([]);
  });

  it("packages are locked as package.json has them, with a digest, from wherever npm is told to fetch", () => {
    const { "": own, ...installed } = lock.packages;
    const { version, dependencies, devDependencies } = manifest;
    expect(own).toMatchObject({ version, dependencies, devDependencies });
    // The workspace's own folder, and the link to it, are not fetched from anywhere.
    const fetched = Object.entries(installed).filter(
      ([name, { link }]) => name.startsWith("node_modules/") && !link,
    );
    const loose = fetched.filter(
      ([, it]) => !/^\d+\.\d+\.\d+/.test(it.version ?? "") || !it.integrity || it.resolved !== undefined,
    );
    expect(loose.map(([name]) => name)).toEqual([]);
  });

  const imported = (files: ReturnType<typeof readSources>) =>
    new Set(files.flatMap(importsOf).flatMap(({ specifier }) => packageName(specifier) ?? []));

  it("packages that the program imports are dependencies, and each of those is imported", () => {
    const programs = readSources("src").filter((source) => !isTest(source));
    expect([...imported(programs)].sort()).toEqual(Object.keys(manifest.dependencies).sort());
  });

  it("packages that tests import are declared", () => {
    const known = { ...manifest.dependencies, ...manifest.devDependencies };
    const everywhere = imported(readSources("src", "test", "bench", "scripts"));
    expect([...everywhere].filter((name) => !(name in known))).toEqual([]);
  });
});

describe("migrations", () => {
  it("migrations are numbered without a gap and listed in that order", () => {
    const files = readdirSync(path.join(root, "src/store/schema/migrations"))
      .filter((name) => !name.endsWith(".test.ts"))
      .map((name) => name.replace(/\.ts$/, ""))
      .sort();
    expect(files.map((name) => Number(/^(\d{4})-[a-z-]+$/.exec(name)?.[1]))).toEqual(
      files.map((_, at) => at + 1),
    );
    expect(listedMigrations()).toEqual(files);
  });

  function listedMigrations(): string[] {
    const { tree } = readSource("src/store/migrate.ts");
    const migrations = nodesOf(tree).find(
      (node): node is ts.VariableDeclaration =>
        ts.isVariableDeclaration(node) && node.name.getText() === "migrations",
    );
    const { properties } = migrations!.initializer as ts.ObjectLiteralExpression;
    return properties.map((property) => (property.name as ts.StringLiteral).text);
  }
});

describe("integrations", () => {
  it("integrations that ship are named in the README", () => {
    const names = readdirSync(path.join(root, "integrations"))
      .filter((slug) => slug !== "providers")
      .map((slug) => /^name: (.+)$/m.exec(read(`integrations/${slug}/integration.yaml`))![1]!);
    const [, today = ""] = readMarkdown("README.md").split("There today:");
    expect(names.filter((name) => !today.includes(name))).toEqual([]);
  });
});
