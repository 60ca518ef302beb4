#!/bin/sh
# A private PostgreSQL in a directory of its own, on a free loopback port, with a password of its own.
#
#   url=$(test/support/postgres.sh start DIR)   DIR must not exist yet; prints the URL when the server is ready
#   test/support/postgres.sh stop DIR           stops that server and deletes DIR
#
# Durability is left as it is installed (fsync on): what is measured and tested is what runs in earnest.
# Exits 69 when no PostgreSQL is installed.
set -eu

usage() {
  sed -n '2,5s/^# \{0,1\}//p' "$0" >&2
  exit 64
}

[ $# -eq 2 ] || usage
command=$1
dir=$2

bin=${POSTGRES_BIN:-$(ls -d /usr/lib/postgresql/*/bin /usr/local/pgsql/bin 2>/dev/null | sort -V | tail -n 1)}
[ -n "$bin" ] || { echo "postgres.sh: no PostgreSQL found; install it, or set POSTGRES_BIN" >&2; exit 69; }

# The server refuses to run as root.
as_server() {
  if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

start() {
  mkdir -m 0700 "$dir"
  trap undo EXIT
  trap 'exit 130' INT TERM HUP
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  (umask 077 && printf '%s\n' "$password" >"$dir/password")
  [ "$(id -u)" -ne 0 ] || chown -R postgres "$dir"
  as_server "$bin/initdb" -D "$dir/data" -U skillett -A scram-sha-256 --pwfile="$dir/password" \
    -E UTF8 --no-locale --no-instructions >"$dir/log" 2>&1 || return 1
  # A port that was free a moment ago may be taken: try another one.
  for _ in 1 2 3 4 5; do
    port=$(shuf -i 20000-32000 -n 1)
    if as_server "$bin/pg_ctl" start -w -t 60 -D "$dir/data" -l "$dir/server.log" \
      -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200" \
      >>"$dir/log" 2>&1; then
      trap - EXIT
      echo "postgres://skillett:$password@127.0.0.1:$port/postgres"
      return
    fi
  done
  return 1
}

# A start that failed or was interrupted leaves its reasons on stderr and nothing else.
undo() {
  cat "$dir/log" "$dir/server.log" >&2 2>/dev/null || true
  as_server "$bin/pg_ctl" stop -m immediate -D "$dir/data" >/dev/null 2>&1 || true
  rm -rf "$dir"
}

stop() {
  as_server "$bin/pg_ctl" stop -m fast -w -D "$dir/data" >/dev/null
  rm -rf "$dir"
}

case $command in
  start) start ;;
  stop) stop ;;
  *) usage ;;
esac
