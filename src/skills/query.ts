import type { Caller } from "#core/caller.js";
import { badRequest, SkillettError } from "#core/errors.js";
import { nearest } from "#core/suggest.js";
import type { DeliveredSkill, SkillDelivery } from "#skills/delivery.js";
import { shorten } from "#skills/paths.js";
import {
  findFile,
  type Named,
  nameReferences,
  nameScripts,
  type Question,
  type Reference,
  rankReferences,
  readText,
  takeWhatFits,
} from "#skills/references.js";
import type { Requirement, Requirements } from "#skills/requirements.js";
import type { Versions } from "#skills/versions.js";
import type { SkillFiles } from "#store/skill-files.js";
import type { SkillFileRow, SkillRow } from "#store/skill-tables.js";

export interface SkillQuestion extends Question {
  /** Of the skill. */
  skill: string;
  /** Exactly this file comes along. */
  referenceFile?: string | undefined;
}

/** What a skill has to say to a question. */
export interface SkillAnswer {
  skill: SkillRow;
  /** What follows is of this version. */
  version: string;
  description: string;
  category: string | null;
  instructions: string;
  references: { filename: string; content: string }[];
  availableReferences: string[];
  availableScripts: string[];
  unmetRequirements: Requirement[];
}

/**
 * Loads a skill the caller gets, by id or slug, with the references that fit.
 *
 * @throws not_found for skills and files, bad_request for a file that is no text
 */
export type QuerySkill = (caller: Caller, question: SkillQuestion) => Promise<SkillAnswer>;

interface Deps {
  delivery: SkillDelivery;
  versions: Versions;
  files: SkillFiles;
  requirements: Requirements;
  /** Of the references that come along by themselves, estimated. */
  maxTokens: number;
}

const charactersPerToken = 4;
/** Bytes of a file that show whether it is text, and what about. */
const headBytes = 32 * 1024;

export function createQuerySkill(deps: Deps): QuerySkill {
  const { delivery, versions, files, requirements, maxTokens } = deps;

  async function readReferences({ skill, version }: DeliveredSkill, named: Named[]): Promise<Reference[]> {
    const paths = named.map(({ path }) => path);
    const heads = new Map(
      (await files.readHeads(skill, version, paths, headBytes)).map((row) => [row.path, row]),
    );
    return named.flatMap((it) => {
      const row = heads.get(it.path);
      const head = row ? readText(row.bytes, row.size <= headBytes) : null;
      return row && head !== null ? [{ ...it, size: row.size, head }] : [];
    });
  }

  async function readWhole({ skill, version }: DeliveredSkill, path: string): Promise<string | null> {
    const found = await files.readOne(skill, version, path);
    return found ? readText(found.bytes, true) : null;
  }

  async function readExactly(
    delivered: DeliveredSkill,
    wanted: string,
    references: Reference[],
    rows: SkillFileRow[],
  ) {
    const { slug } = delivered.skill;
    const paths = rows.map(({ path }) => path);
    const file = findFile(wanted, references, paths);
    if (!file) throw noSuchFile(slug, wanted, [...references.map(({ filename }) => filename), ...paths]);
    const content = await readWhole(delivered, file.path);
    if (content === null) throw notText(slug, file.path);
    return [{ filename: file.filename, content }];
  }

  return async (caller, { skill: name, referenceFile, ...question }) => {
    const delivered = await delivery.get(caller, name);
    const { skill, version } = delivered;
    const [folder, rows, judge] = await Promise.all([
      versions.readSkillMd(skill, version),
      files.list(skill, version),
      requirements(caller),
    ]);
    const paths = rows.map(({ path }) => path);
    const references = await readReferences(delivered, nameReferences(paths));
    const along =
      referenceFile === undefined
        ? await takeWhatFits(
            await rankReferences(references, question),
            maxTokens * charactersPerToken,
            async ({ path, size, head }) => (size <= headBytes ? head : readWhole(delivered, path)),
          )
        : await readExactly(delivered, referenceFile, references, rows);
    return {
      skill,
      version,
      description: folder.description,
      category: folder.category,
      instructions: folder.instructions,
      references: along,
      availableReferences: references.map(({ filename }) => filename),
      availableScripts: nameScripts(paths),
      unmetRequirements: (await judge(folder.toolIds)).filter(({ met }) => !met),
    };
  };
}

const maxSuggestions = 3;
/** Letters of a name that are compared: of an endless one everything would be within reach. */
const maxCompared = 64;

function noSuchFile(slug: string, wanted: string, names: string[]): SkillettError {
  const near = nearestNames(wanted, names);
  const hint =
    near.length > 0
      ? `Did you mean ${near.join(" or ")}?`
      : "Without reference_file the answer lists what there is.";
  return new SkillettError("not_found", {
    message: `The skill ${slug} has no file ${JSON.stringify(shorten(wanted))}. ${hint}`,
  });
}

/** Those of the same name in another folder, and the one that is spelt most alike. */
function nearestNames(wanted: string, names: string[]): string[] {
  const baseName = (name: string) => name.split(/[\\/]/).at(-1)!.toLowerCase();
  const same = names.filter((name) => baseName(name) === baseName(wanted));
  return [...new Set([...same, nearest(wanted.slice(0, maxCompared), names) ?? []].flat())].slice(
    0,
    maxSuggestions,
  );
}

function notText(slug: string, path: string): SkillettError {
  return badRequest(
    [{ at: "reference_file", message: `${path} is not text: \`skillett pull ${slug}\` writes it as a file` }],
    { next: [`skillett pull ${slug}`] },
  );
}
