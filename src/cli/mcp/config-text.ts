/** A part of a configuration file: strings, booleans, lists of strings, and objects of these. */
interface Config {
  [key: string]: Config | string | boolean | readonly string[];
}

/** A value as TOML with a table for each object. @see https://toml.io/en/v1.0.0 */
export function toToml(config: object): string {
  return tables(config as Config, []).join("\n");
}

function tables(config: Config, path: readonly string[]): string[] {
  const own = Object.entries(config).filter(([, value]) => !isTable(value));
  const inner = Object.entries(config).filter(([, value]) => isTable(value)) as [string, Config][];
  const head = own.length > 0 && path.length > 0 ? [`[${path.map(tomlKey).join(".")}]\n`] : [];
  const lines = own.map(([key, value]) => `${tomlKey(key)} = ${scalar(value)}\n`);
  const text = [...head, ...lines].join("");
  return [...(text === "" ? [] : [text]), ...inner.flatMap(([key, value]) => tables(value, [...path, key]))];
}

const tomlKey = (key: string) => (/^[\w-]+$/.test(key) ? key : JSON.stringify(key));

/** A value as YAML in block style; texts and lists stand as JSON, which YAML 1.2 reads. */
export function toYaml(config: object, indent = ""): string {
  return Object.entries(config as Config)
    .map(([key, value]) =>
      isTable(value)
        ? `${indent}${key}:\n${toYaml(value, `${indent}  `)}`
        : `${indent}${key}: ${scalar(value)}\n`,
    )
    .join("");
}

function isTable(value: Config[string]): value is Config {
  return typeof value === "object" && !Array.isArray(value);
}

const scalar = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map(scalar).join(", ")}]` : JSON.stringify(value);
