# tools/dev test: everything once, a count of all verdicts, and the count alone on the last line.
# shellcheck shell=bash disable=SC2154

# shellcheck disable=SC2034
all_checks=(layers style proto format docs shell words headers)
passed=0
failed=0
skipped=0
failures=()

# verdict CODE NAME: counts one thing that passed or failed
verdict() {
  if [[ $1 -eq 0 ]]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    failures+=("$2")
  fi
}

# counted NAME COMMAND...: runs it and counts its verdict; never ends the script
counted() {
  local name=$1 code=0
  shift
  # In a shell of its own, so that `fail` ends the step and not the count; in the background, so
  # that a signal to this shell alone is not kept waiting.
  set -m
  (set +m && "$@") &
  step_pid=$!
  set +m
  wait "$step_pid" || code=$?
  step_pid=
  verdict "$code" "$name"
}

# needed NAME COMMAND...: as counted, but only a failure counts
needed() {
  local before=$passed
  counted "$@"
  passed=$before
}

# The last line, whatever happened before it.
print_count() {
  local code=$? name
  trap - EXIT
  stop_step
  if [[ $code -ne 0 && $failed -eq 0 ]]; then
    failed=1
    failures+=("tools/dev test (stopped early)")
  fi
  for name in "${failures[@]}"; do
    printf 'FAILED    %s\n' "$name"
  done
  printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  [[ $failed -eq 0 ]] || exit 1
  exit 0
}

# run_ctest ARGS...: the tests of build/dev, side by side; counts each
run_ctest() {
  local report=$root/build/dev/ctest.xml counts=build/dev/ctest.counts code=0
  rm -f "$report" "$counts"
  quiet_step ctest ctest --test-dir build/dev -j "$jobs" --no-tests=error --timeout 600 \
    --output-junit "$report" "$@" || code=$?
  [[ -s $report ]] || show_log ctest
  python3 tools/tally.py "$report" --counts "$counts" || true
  add_counts ctest "$counts" "$code"
}

# run_prove: what goes beyond the tests within the bounds of CI; counts each suite
run_prove() {
  local counts=build/prove.counts code=0
  rm -f "$counts"
  quiet_step prove python3 tools/prove.py --ci --beyond-tests --counts "$counts" || code=$?
  cat build/log/prove.log
  add_counts prove "$counts" "$code"
}

# add_counts NAME FILE CODE: the verdicts that a step left in FILE; its exit code if it left none
add_counts() {
  local name good=0 bad=0 left=0
  if [[ -s $2 ]]; then
    read -r good bad left <"$2"
    passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + left))
    while read -r name; do
      failures+=("$name")
    done < <(tail -n +2 "$2")
  fi
  if [[ ! -s $2 || ($3 -ne 0 && $bad -eq 0) ]]; then
    verdict 1 "$1 (exit code $3, see build/log/$1.log)"
  fi
}

command_test() {
  local fast='' name
  for name in "$@"; do
    case $name in
      --fast) fast=yes ;;
      *) fail "tools/dev test takes --fast and --yes, not $name" ;;
    esac
  done
  trap print_count EXIT
  trap 'stop_step; exit 130' INT TERM
  if [[ -n $fast ]]; then
    setup_packages program test
  else
    setup_packages program test prove
    needed "Kafka for the tests" setup_kafka
    needed "Python packages for the tests" setup_python
    counted "release build" build_release OFF rapport
  fi
  counted "dev build, warnings as errors" build_preset dev
  for name in "${all_checks[@]}"; do
    counted "check $name" python3 "tools/check/$name.py"
  done
  counted "self-test of the checks" python3 tools/check/selftest.py
  counted "acceptance" python3 tools/acceptance.py --summary
  if [[ -z $fast ]]; then
    run_ctest
    run_prove
  else
    run_ctest --label-exclude slow
  fi
}
