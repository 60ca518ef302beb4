import type { EndpointFacts } from "#catalog/integration.js";
import type { FileFacts } from "#catalog/pieces.js";
import { type FilesByHandle, noSuchFile } from "#catalog/request/files.js";
import type { Values } from "#catalog/request/values.js";
import { badRequest } from "#core/errors.js";
import { fileFormat } from "#core/file-handle.js";

/** The fields that steps may read of a file: `{file.name}`. `{file}` is its handle. */
export const fileFields = ["name", "size", "media_type"];

const shown = ({ name, size, mediaType }: FileFacts) => ({ name, size, media_type: mediaType });

/** The handles that a composite was given, by param. */
export function handlesByParam(
  { params }: Pick<EndpointFacts, "params">,
  values: Values,
): [string, string][] {
  return Object.keys(params.properties).flatMap((name): [string, string][] => {
    const value = values[name];
    const isFile = params.properties[name]!.format === fileFormat;
    return isFile && typeof value === "string" ? [[name, value]] : [];
  });
}

/**
 * The fields of the files of a composite that steps may read, by param.
 *
 * @throws SkillettError `bad_request` that names each file that is not there
 */
export function fileFactsByParam(
  handles: readonly [name: string, handle: string][],
  files: FilesByHandle,
): Values {
  const missing = handles.filter(([, handle]) => !files.has(handle));
  if (missing.length > 0) {
    throw badRequest(
      missing.map(([name, handle]) => ({ at: `params.${name}`, message: noSuchFile(handle) })),
    );
  }
  return Object.fromEntries(handles.map(([name, handle]) => [name, shown(files.get(handle)!)]));
}
