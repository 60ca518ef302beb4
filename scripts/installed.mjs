/**
 * Packages that the built program does not have in it: one has native code, the other a program of its own to start
 * threads with. They are what a package or an image of Skillett installs, and nothing else.
 */
export const installed = ["libsql", "piscina"];
