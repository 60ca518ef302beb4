import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadCatalog } from "#catalog/load/load.js";
import { project } from "#gateway/views/project.js";

const dir = fileURLToPath(new URL("../../../integrations", import.meta.url));
const viewed = [...loadCatalog({ dirs: [dir], baseUrls: {} }).integrations.values()]
  .flatMap(({ endpoints }) => [...endpoints.values()])
  .filter(({ views }) => views.readable !== undefined);

test.each(viewed)(
  "the view of $integration $name gives each of its fields for the answer of its file",
  ({ example, views }) => {
    const view = views.readable!;
    const shown = [JSON.parse(project(JSON.stringify(example.answer), view)!)].flat();
    const given = shown.flatMap((object) => Object.keys(object));
    // Members of a flattened object have names of their own.
    const named = Object.keys(view).filter((name) => !view[name]!.flatten);
    expect(named.filter((name) => !given.includes(name))).toEqual([]);
  },
);
