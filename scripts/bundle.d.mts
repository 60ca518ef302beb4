import type { BuildOptions } from "esbuild";

export function cliOptions(): BuildOptions;
