import { Argument, type Command } from "commander";
import { type ProviderOptions, provider, providers } from "#cli/admin/providers.js";
import { type RevokeOptions, revoke } from "#cli/admin/revoke.js";
import { rotateKeys } from "#cli/admin/rotate-keys.js";
import { setPlan } from "#cli/admin/set-plan.js";
import { days, examples, type Profiled, profiled } from "#cli/command-parts.js";
import type { Host } from "#cli/terminal/host.js";
import { plans } from "#core/plans.js";

/** `admin`: for those who run the server. */
export function addAdmin(program: Command, host: Host, exit: (code: number) => void): void {
  const admin = program
    .command("admin")
    .summary("Look after the server: sign-in, plans, connections of everybody")
    .description("Look after the server. Your key must be allowed to.");

  profiled(admin.command("providers"))
    .summary("List where people sign in, and whether that is set up")
    .description("List the providers people sign in at, and whether an OAuth client is set up for each.")
    .action((options: Profiled) => providers(options, host));

  profiled(admin.command("provider"))
    .summary("Set up the OAuth client of a provider")
    .description(
      "Set up the OAuth client people sign in with. The secret is asked for without showing it, or read from stdin.",
    )
    .argument("<name>", "such as google")
    .option("--client-id <id>", "id of the OAuth client, as the provider has given it")
    .option("--client-secret [-]", "read the secret from stdin; never write it on the command line")
    .option("--remove", "forget the OAuth client that was set here")
    .addHelpText(
      "after",
      examples(
        "skillett admin provider github --client-id Iv1.8a61f9b3",
        "skillett admin provider github --client-id Iv1.8a61f9b3 --client-secret - < secret.txt",
        "skillett admin provider github --remove",
      ),
    )
    .action((name: string, options: ProviderOptions) => provider(name, options, host));

  addRevoke(admin, host, exit);

  profiled(admin.command("plan"))
    .summary("Put a person on a plan")
    .description("Put a person on a plan: it limits their calls, connections and keys.")
    .argument("<person>", "id or email")
    .addArgument(new Argument("<plan>").choices(Object.keys(plans)))
    .addHelpText("after", examples("skillett admin plan ada@example.com pro"))
    .action((person: string, name: string, options: Profiled) => setPlan(person, name, options, host));

  profiled(admin.command("rotate-keys"))
    .summary("Seal all secrets anew with a new data key")
    .description(
      "Make a new data key and seal all secrets anew with it while the server runs. Stop it when you like: " +
        "running it again resumes.",
    )
    .action(async (options: Profiled) => exit(await rotateKeys(options, host)));
}

function addRevoke(admin: Command, host: Host, exit: (code: number) => void): void {
  admin
    .command("revoke")
    .summary("Disconnect many accounts at once")
    .description(
      "Disconnect all accounts that fit, whoever they belong to. Give at least one of the filters.",
    )
    .option("--integration <slug>", "accounts of this integration")
    .option("--older-than <time>", "accounts not used for so long: 90d, 12w, 1y", days)
    .option("--profile <person>", "accounts of this person: id or email")
    .option("--dry-run", "only show which accounts fit")
    .option("--yes", "do not ask")
    .addHelpText(
      "after",
      examples(
        "skillett admin revoke --older-than 90d --dry-run",
        "skillett admin revoke --integration github --profile ada@example.com",
      ),
    )
    .action(async (options: RevokeOptions) => exit(await revoke(options, host)));
}
