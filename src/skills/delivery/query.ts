import type { Caller } from "#core/caller.js";
import { badRequest, SkillettError } from "#core/errors.js";
import { nearest } from "#core/suggest.js";
import type { DeliveredSkill, SkillDelivery } from "#skills/delivery/delivery.js";
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
} from "#skills/delivery/references.js";
import type { Requirement, Requirements } from "#skills/delivery/requirements.js";
import { beginAt, readCursor, takePart, writeCursor } from "#skills/delivery/text-pages.js";
import { shorten } from "#skills/format/paths.js";
import type { Versions } from "#skills/registry/versions.js";
import type { SkillFileRow, SkillRow } from "#store/schema/skill-tables.js";
import type { SkillFileRows } from "#store/skill-file-rows.js";

export interface SkillQuestion extends Question {
  /** Of the skill. */
  skill: string;
  /** Exactly this file comes along. */
  referenceFile?: string | undefined;
  /** `nextCursor` of the answer before, to get the part after it. */
  cursor?: string | undefined;
}

/** The parts of a skill that answer a question. */
export interface SkillAnswer {
  skill: SkillRow;
  /** The version that all that follows is of. */
  version: string;
  description: string;
  category: string | null;
  /** All of them, or a part. Empty beside a file that takes their place. */
  instructions: string;
  references: { filename: string; content: string }[];
  availableReferences: string[];
  availableScripts: string[];
  unmetRequirements: Requirement[];
  /** Where the instructions, or the file, go on; null when this is their end. */
  nextCursor: string | null;
}

/**
 * Loads a skill that the caller gets, by id or slug, with the references that fit. One answer is bounded: longer
 * texts come in parts.
 *
 * @throws not_found for skills and files, bad_request for a file that is not text and for a broken cursor,
 *   conflict for a cursor of another version
 */
export type QuerySkill = (caller: Caller, question: SkillQuestion) => Promise<SkillAnswer>;

interface Deps {
  delivery: SkillDelivery;
  versions: Versions;
  files: SkillFileRows;
  requirements: Requirements;
  /** Of one answer, estimated: instructions first, then references. */
  maxTokens: number;
}

/** UTF-16 units: an emoji has two, and takes more tokens than a letter does. */
const unitsPerToken = 4;
/** Bytes of a file that show whether it is text, and what about. */
const headBytes = 32 * 1024;
/** Tokens of the shortest part, so that reading a long text does not take too many answers. */
const minTokens = 1000;

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

  async function findExactly(
    delivered: DeliveredSkill,
    requested: string,
    references: Reference[],
    rows: SkillFileRow[],
  ) {
    const { slug } = delivered.skill;
    const paths = rows.map(({ path }) => path);
    const file = findFile(requested, references, paths);
    if (!file) throw noSuchFile(slug, requested, [...references.map(({ filename }) => filename), ...paths]);
    const content = await readWhole(delivered, file.path);
    if (content === null) throw notText(slug, file.path);
    return { ...file, content };
  }

  const budget = maxTokens * unitsPerToken;
  const partSize = Math.max(maxTokens, minTokens) * unitsPerToken;

  /** A part of a text, and the cursor of the next part; null when this is the last. */
  function readPart({ skill, version }: DeliveredSkill, path: string | null, text: string, cursor?: string) {
    const place = cursor === undefined ? undefined : readCursor(cursor);
    const offset = beginAt(place, { slug: skill.slug, version, path, text });
    const { part, next } = takePart(text, offset, partSize);
    return { part, nextCursor: next === null ? null : writeCursor({ version, path, offset: next }) };
  }

  async function answerFile(delivered: DeliveredSkill, file: Named & { content: string }, given: Given) {
    const { part, nextCursor } = readPart(delivered, file.path, file.content, given.cursor);
    const isRoom = given.cursor === undefined && given.instructions.length <= budget - part.length;
    return {
      instructions: isRoom ? given.instructions : "",
      references: [{ filename: file.filename, content: part }],
      nextCursor,
    };
  }

  async function answerQuestion(
    delivered: DeliveredSkill,
    references: Reference[],
    given: Given,
    question: Question,
  ) {
    const { part, nextCursor } = readPart(delivered, null, given.instructions, given.cursor);
    const along =
      nextCursor === null
        ? await takeWhatFits(
            await rankReferences(references, question),
            Math.max(0, budget - part.length),
            async ({ path, size, head }) => (size <= headBytes ? head : readWhole(delivered, path)),
          )
        : [];
    return { instructions: part, references: along, nextCursor };
  }

  return async (caller, { skill: name, referenceFile, cursor, ...question }) => {
    const delivered = await delivery.get(caller, name);
    const { skill, version } = delivered;
    const [facts, instructions, rows, requirementsOf] = await Promise.all([
      versions.get(skill, version),
      versions.readInstructions(skill, version),
      files.list(skill, version),
      requirements(caller),
    ]);
    const paths = rows.map(({ path }) => path);
    const references = await readReferences(delivered, nameReferences(paths));
    const given = { instructions, cursor };
    const found =
      referenceFile === undefined
        ? await answerQuestion(delivered, references, given, question)
        : await answerFile(delivered, await findExactly(delivered, referenceFile, references, rows), given);
    return {
      skill,
      version,
      description: facts.description,
      category: facts.category,
      ...found,
      availableReferences: references.map(({ filename }) => filename),
      availableScripts: nameScripts(paths),
      unmetRequirements: (await requirementsOf(JSON.parse(facts.tool_ids))).filter(({ met }) => !met),
    };
  };
}

/** The text of an answer, and the cursor that it continues from. */
interface Given {
  instructions: string;
  cursor: string | undefined;
}

const maxSuggestions = 3;
/** Letters of a name that are compared: of an endless one everything would be within reach. */
const maxCompared = 64;

function noSuchFile(slug: string, requested: string, names: string[]): SkillettError {
  const near = nearestNames(requested, names);
  const hint =
    near.length > 0
      ? `Did you mean ${near.join(" or ")}?`
      : "Without reference_file the answer lists what there is.";
  return new SkillettError("not_found", {
    message: `The skill ${slug} has no file ${JSON.stringify(shorten(requested))}. ${hint}`,
  });
}

/** Those of the same name in another folder, and the one that is spelt most alike. */
function nearestNames(requested: string, names: string[]): string[] {
  const baseName = (name: string) => name.split(/[\\/]/).at(-1)!.toLowerCase();
  const same = names.filter((name) => baseName(name) === baseName(requested));
  return [...new Set([...same, nearest(requested.slice(0, maxCompared), names) ?? []].flat())].slice(
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
