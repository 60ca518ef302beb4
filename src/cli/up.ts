import type { Command } from "commander";
import { examples, integer } from "#cli/command-parts.js";
import type { Host, UpOptions } from "#cli/terminal/host.js";

/** The host loads the server when `up` runs: other commands need nothing of it. */
export function addUp(program: Command, host: Host): void {
  program
    .command("up")
    .description("Start the server on this machine.")
    .option("--port <port>", "port to listen on; 0 takes a free one", integer(0, 65_535))
    .option("--host <address>", "address to listen on")
    .option("--data <directory>", "where the server keeps its data")
    .addHelpText("after", examples("skillett up", "skillett up --port 4000 --data ./skillett-data"))
    .action((options: UpOptions) => host.up(options));
}
