import type { Command } from "commander";
import { examples, type Profiled, profiled } from "#cli/command-parts.js";
import { addImport } from "#cli/integrations/import.js";
import { addMcpServers } from "#cli/integrations/mcp-servers.js";
import { addNew } from "#cli/integrations/new.js";
import { reloadIntegrations } from "#cli/integrations/reload.js";
import { removeIntegration } from "#cli/integrations/remove.js";
import { listIntegrations, switchIntegration } from "#cli/integrations/switch.js";
import { addValidate } from "#cli/integrations/validate.js";
import type { Host } from "#cli/terminal/host.js";

export function addIntegrations(program: Command, host: Host, exit: (code: number) => void): void {
  const group = program
    .command("integrations")
    .summary("See the integrations of your tenant, and switch them on and off")
    .description(
      "The integrations of your tenant, with those that are switched off. What they can do: skillett skills.",
    )
    .addHelpText(
      "after",
      examples(
        "skillett integrations list",
        "skillett integrations list github",
        "skillett integrations disable github merge_pull 'delete_*'",
        "skillett integrations enable github merge_pull",
        "skillett integrations disable slack",
      ),
    );
  profiled(group.command("list"))
    .description("List the integrations; or the endpoints of one, with those that are switched off.")
    .argument("[integration]", "such as github")
    .action((slug: string | undefined, options: Profiled) => listIntegrations(slug, options, host));
  const addSwitch = (verb: "enable" | "disable", description: string) =>
    profiled(group.command(verb))
      .description(description)
      .argument("<integration>", "such as github")
      .argument("[endpoint...]", "such as merge_pull or 'delete_*'; all of the integration, when left out")
      .action((slug: string, names: string[], options: Profiled) =>
        switchIntegration({ slug, names, on: verb === "enable" }, options, host),
      );
  addSwitch("enable", "Switch an integration on for your tenant, or endpoints of it.");
  addSwitch("disable", "Switch an integration off for your tenant, or endpoints of it.");
  addImport(group, host);
  addNew(group, host);
  addValidate(group, host, exit);
  profiled(group.command("reload"))
    .summary("Have the server read its folders of integrations again")
    .description(
      "Have the server read its folders of integrations again, without a restart. It says what is different. Only for its operator.",
    )
    .action((options: Profiled) => reloadIntegrations(options, host));
  profiled(group.command("remove"))
    .description("Remove an integration that your tenant brought, and disconnect its accounts.")
    .argument("<integration>", "such as acme")
    .action((slug: string, options: Profiled) => removeIntegration(slug, options, host));
  addMcpServers(group, host);
}
