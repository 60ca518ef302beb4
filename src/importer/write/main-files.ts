import { stringify } from "yaml";
import type { AuthMethodYaml } from "#catalog/front-matter.js";
import type { Known } from "#catalog/load/source.js";
import { oneLine, paragraphs } from "#importer/text.js";

/** A file of the folder that is made. */
export interface ImportedFile {
  /** In the folder: `integration.yaml`, `endpoints/orders/list_orders.md`. */
  path: string;
  text: string;
  /** Of a file of an endpoint, what a reader of its text would find: parsing takes longer than all else. */
  known?: Known;
}

/** An integration, without its endpoints. */
export interface Main {
  slug: string;
  name: string;
  /** Text of the description, of any length. */
  about: string;
  server: { base_url: string; base_urls?: Record<string, string>; settings?: object };
  headers: Record<string, string>;
  auth: Record<string, AuthMethodYaml>;
}

/** `integration.yaml` and `SKILL.md`. @see docs/integrations.md */
export function mainFiles({ slug, name, about, server, headers, auth }: Main): ImportedFile[] {
  const description = oneLine(about, 200) || `${name}, imported from its description.`;
  const yaml = { name, description, category: "imported", ...server, headers, auth };
  const matter = {
    name: `skillett-${slug}`,
    description: `Use ${name} through Skillett. ${oneLine(about, 300)}`.trim(),
  };
  const body = `# ${name}

${paragraphs(about, 600) || description}

See what there is with \`skillett skills ${slug}\`, and read an endpoint's page with \`skillett run ${slug} <endpoint> --help\`
before its first call.
`;
  return [
    { path: "integration.yaml", text: stringify(yaml, { lineWidth: 0 }) },
    { path: "SKILL.md", text: `---\n${stringify(matter, { lineWidth: 0 })}---\n${body}` },
  ];
}
