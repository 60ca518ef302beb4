#!/usr/bin/env bash
# Reports something as an issue on GitHub, by REST. Run again within a day, it creates no second one: the same
# Idempotency-Key gets the first answer again, also when the first run never heard it.
#
#   SKILLETT_URL=https://skills.example.com SKILLETT_API_KEY=sk_… bash report.sh acme/app "Title of the issue"
set -euo pipefail
: "${SKILLETT_URL:?}" "${SKILLETT_API_KEY:?}"
repo=$1 title=$2

body=$(jq --null-input --arg repo "$repo" --arg title "$title" '{ params: { repo: $repo, title: $title } }')
once=$(sha256sum <<<"$body" | cut -c 1-32)

# The key goes in by a file that is none: on the command line, everybody on this machine could read it.
answer=$(curl --silent --show-error --max-time 60 --retry 3 --retry-connrefused \
  --header @<(printf 'Authorization: Bearer %s\n' "$SKILLETT_API_KEY") \
  --header "Content-Type: application/json" --header "Idempotency-Key: $once" \
  --data "$body" "$SKILLETT_URL/v1/github/create_issue")

# `error` is a refusal of Skillett's own. GitHub's are answers with their own status.
jq --exit-status 'if .error then { error, message, next } | halt_error
  elif .status >= 300 then { status, refused, hint } | halt_error
  else { number: .data.number, title: .data.title } end' --compact-output <<<"$answer"
