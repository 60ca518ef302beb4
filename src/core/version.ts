/** Set by the build from package.json. */
declare const skillettVersion: string | undefined;

/** Version of this program; `0.0.0-source` when it runs from its sources. */
export const version = typeof skillettVersion === "string" ? skillettVersion : "0.0.0-source";
