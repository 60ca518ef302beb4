import type * as routes from "#contract/agent-skills.js";
import type { Contract } from "#contract/contract.js";
import type { Api, Output } from "#contract/route.js";
import { badRequest } from "#core/errors.js";
import type { BrowsedSkill, BrowseSkills } from "#skills/delivery/discover.js";
import type { DiscoverConnectors } from "#skills/delivery/discover-connectors.js";
import type { Manifest, Manifests } from "#skills/delivery/manifests.js";
import type { OwnSkills } from "#skills/delivery/own-skills.js";
import type { QuerySkill, SkillAnswer } from "#skills/delivery/query.js";

export interface AgentSkillsDeps {
  ownSkills: OwnSkills;
  querySkill: QuerySkill;
  browseSkills: BrowseSkills;
  discoverConnectors: DiscoverConnectors;
  manifests: Manifests;
}

const defaultPage = 50;

export function createAgentSkillsApi(deps: AgentSkillsDeps): Api<typeof routes> {
  const { ownSkills, querySkill, browseSkills, discoverConnectors, manifests } = deps;
  return {
    async getOwnSkills({ caller }) {
      const skills = await ownSkills(caller);
      return {
        agent_id: caller.agentId,
        skills: skills.map(({ skill, version, description, digest, requirements }) => ({
          id: skill.id,
          slug: skill.slug,
          name: skill.name,
          description,
          category: skill.category,
          version,
          digest: `sha256:${digest}`,
          requirements,
        })),
      };
    },
    async querySkill({ caller, params, body: { reference_file: referenceFile, ...question } }) {
      const found = await querySkill(caller, { skill: params.skill, referenceFile, ...question });
      return toAnswer(found);
    },
    async discoverSkills({ caller, query: { limit = defaultPage, offset = 0, ...question } }) {
      if (question.cursor !== undefined && offset > 0)
        throw badRequest([{ at: "query.offset", message: "goes without cursor" }]);
      const { skills, total, next } = await browseSkills(caller, { ...question, limit, offset });
      return { skills: skills.map(toShown), total, ...(next === null ? {} : { next_cursor: next }) };
    },
    async discoverConnectors({ caller, query }) {
      const { connected, available, suggested } = await discoverConnectors(caller, query.category);
      return {
        connected: connected.map(toConnector),
        available: available.map(toConnector),
        suggested_skills: suggested.map(({ integration, skills }) => ({
          integration_id: integration,
          suggested_skills: skills,
        })),
      };
    },
    async listSkillManifests({ caller, query }) {
      const { manifests: page, next } = await manifests.list(caller, query.cursor);
      return { skills: page.map(toManifest), next_cursor: next };
    },
    getSkillManifest: async ({ caller, params }) => toManifest(await manifests.get(caller, params.skill)),
  };
}

function toAnswer(found: SkillAnswer): Output<Contract["querySkill"]> {
  const { skill, version, description, category, instructions, references } = found;
  return {
    skill: { id: skill.slug, name: skill.name, description, category },
    version,
    instructions,
    references,
    available_references: found.availableReferences,
    available_scripts: found.availableScripts,
    unmet_requirements: found.unmetRequirements,
    ...(found.nextCursor === null ? {} : { next_cursor: found.nextCursor }),
  };
}

const toShown = ({ skill, author, isAssigned }: BrowsedSkill) => ({
  id: skill.slug,
  name: skill.name,
  description: skill.description,
  category: skill.category,
  version: skill.current_version!,
  author,
  assigned_to_me: isAssigned,
});

const toConnector = ({ slug, name, category }: { slug: string; name: string; category: string }) => ({
  id: slug,
  name,
  category,
});

function toManifest({ skill, version, frontMatter, files }: Manifest): Output<Contract["getSkillManifest"]> {
  return {
    name: skill.slug,
    version,
    frontmatter: frontMatter,
    files: files.map(({ path, size, digest, is_executable }) => ({
      path,
      size,
      digest: `sha256:${digest}`,
      executable: is_executable === 1,
    })),
  };
}
