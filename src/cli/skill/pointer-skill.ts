/**
 * The pointer skill, where no server has a fuller one: short, because agents read its description at every start.
 */
export const pointerSkill = {
  name: "skillett",
  content: `---
name: skillett
description: >-
  Act on outside services (GitHub, Gmail, Google Calendar, Slack and more) through the skillett command.
  Use it whenever a task needs to read from or change something in such a service. Run \`skillett help\` to
  see what it can do.
license: Apache-2.0
compatibility: Needs the skillett command, logged in to a server.
allowed-tools: Bash(skillett:*)
---
# Skillett

Skillett calls services for you and adds the credentials itself: you never see or need a token.

\`\`\`sh
skillett skills -q "open an issue"          # find the endpoint for what you want to do
skillett skills github create_issue         # read what it takes, and an example
skillett run github create_issue --repo acme/app --title "Bug"
\`\`\`

stdout is JSON, stderr is words. When something is missing, such as an account to connect, the answer says which
command puts it right. \`skillett pull github\` brings all there is to know about an integration here as files.
`,
};
