/** Reads the part of the Dockerfile format that ours uses. Any other instruction is refused rather than skipped. */

export interface Step {
  kind: "RUN" | "COPY";
  /** The command of RUN, or the sources and, last, the target of COPY. */
  args: string[];
  /** The stage that COPY takes from; undefined for the sources of the build. */
  from?: string | undefined;
  /** The folder in which it is carried out, and the user who does it. */
  folder: string;
  user: string;
}

export interface Stage {
  name: string | undefined;
  image: string;
  steps: Step[];
  env: Record<string, string>;
  folder: string;
  user: string;
  entrypoint: string[];
  command: string[];
  health: string[];
}

/** @see https://docs.docker.com/reference/dockerfile/ */
export function readDockerfile(text: string): Stage[] {
  const stages: Stage[] = [];
  for (const { word, rest } of instructionsOf(text)) {
    if (word === "FROM") stages.push(begin(rest));
    else apply(stages.at(-1)!, word, rest);
  }
  return stages;
}

function instructionsOf(text: string): { word: string; rest: string }[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => {
      if (line.endsWith("\\")) throw new Error(`continued lines are not read: ${line}`);
      const [, word = "", rest = ""] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
      return { word, rest };
    });
}

function begin(rest: string): Stage {
  const [image = "", , name] = rest.split(" ");
  return {
    name,
    image,
    steps: [],
    env: {},
    folder: "/",
    user: "root",
    entrypoint: [],
    command: [],
    health: [],
  };
}

function apply(stage: Stage, word: string, rest: string): void {
  const { folder, user } = stage;
  if (word === "WORKDIR") stage.folder = rest;
  else if (word === "USER") stage.user = rest;
  else if (word === "RUN") stage.steps.push({ kind: "RUN", args: [rest], folder, user });
  else if (word === "COPY") stage.steps.push({ kind: "COPY", ...copied(rest), folder, user });
  else if (word === "ENV") for (const [name, value] of pairs(rest)) stage.env[name] = value;
  else if (word === "ENTRYPOINT") stage.entrypoint = JSON.parse(rest);
  else if (word === "CMD") stage.command = JSON.parse(rest);
  else if (word === "HEALTHCHECK") stage.health = JSON.parse(rest.slice(rest.indexOf("CMD ") + 4));
  else if (word !== "VOLUME" && word !== "EXPOSE") throw new Error(`not read: ${word} ${rest}`);
}

function copied(rest: string): Pick<Step, "args" | "from"> {
  const args = rest.split(" ");
  const from = /^--from=(.+)$/.exec(args[0]!)?.[1];
  return { args: from ? args.slice(1) : args, from };
}

const pairs = (rest: string) => rest.split(" ").map((pair) => pair.split("=", 2) as [string, string]);

// A `.dockerignore` of `*`, `!name` and `**/name`: the names at the top that it includes, and those that it excludes
// everywhere.
export function readDockerignore(text: string): { included: string[]; excluded: string[] } {
  const [first, ...lines] = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  if (first !== "*") throw new Error(".dockerignore must begin with *");
  const named = (form: RegExp) => lines.flatMap((line) => form.exec(line)?.[1] ?? []);
  const included = named(/^!([\w.-]+)$/);
  const excluded = named(/^\*\*\/([\w.-]+)$/);
  if (included.length + excluded.length !== lines.length) throw new Error(".dockerignore has another form");
  return { included, excluded };
}
