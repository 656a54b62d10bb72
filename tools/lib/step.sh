# Steps of tools/dev: one line each on the terminal, everything else in build/log.
# shellcheck shell=bash

step_pid=

fail() {
  printf 'tools/dev: %s\n' "$*" >&2
  exit 1
}

# say NAME WHAT SECONDS: `build     rapport, release                              162 s`
say() {
  printf '%-9s %-44s %4d s\n' "$1" "$2" "$3"
}

# A step is a process group of its own (set -m), so that all it started ends with it.
stop_step() {
  if [[ -n $step_pid ]]; then
    kill -- "-$step_pid" 2>/dev/null || true
    wait "$step_pid" 2>/dev/null || true
  fi
}

# quiet_step NAME COMMAND...: runs it with its output in build/log/NAME.log and returns its exit
# code. On a terminal the last line of the log is shown as it grows; elsewhere one line a minute.
quiet_step() {
  local name=$1 started=$SECONDS beat=$SECONDS code=0
  shift
  mkdir -p build/log
  local log=build/log/$name.log
  set -m
  { set +m && "$@"; } >"$log" 2>&1 </dev/null &
  step_pid=$!
  set +m
  trap 'stop_step; exit 130' INT TERM
  while kill -0 "$step_pid" 2>/dev/null; do
    sleep 0.2
    if [[ -t 1 ]]; then
      printf '\r\e[K%-9s %-44.44s %4d s' "$name" "$(tail -n 1 "$log")" $((SECONDS - started))
    elif ((SECONDS - beat >= 60)); then
      printf '  %s, %d s: %.80s\n' "$name" $((SECONDS - started)) "$(tail -n 1 "$log")"
      beat=$SECONDS
    fi
  done
  wait "$step_pid" || code=$?
  step_pid=
  [[ ! -t 1 ]] || printf '\r\e[K'
  return "$code"
}

# show_log NAME: what went wrong, or the end of the log.
show_log() {
  local log=build/log/$1.log
  grep -m 40 -E 'error|Error|FAILED|undefined reference' "$log" | cut -c 1-300 || true
  printf -- '--- the end of %s\n' "$log"
  tail -n 60 "$log" | cut -c 1-300
}

# step NAME WHAT COMMAND...: as quiet_step, with a line when it is done (none when WHAT is empty)
# and the end of the log when it fails.
step() {
  local name=$1 what=$2 started=$SECONDS code=0
  shift 2
  quiet_step "$name" "$@" || code=$?
  if [[ $code -ne 0 ]]; then
    show_log "$name"
    printf 'tools/dev: %s failed (exit code %d), see build/log/%s.log\n' "$name" "$code" "$name" >&2
    return "$code"
  fi
  [[ -z $what ]] || say "$name" "$what" $((SECONDS - started))
}
