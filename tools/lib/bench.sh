# tools/dev bench: programs that measure, and how long building takes.
# shellcheck shell=bash disable=SC2154

command_bench() {
  local target=rapport_bench run=(build/release/rapport_bench)
  if [[ ${1:-} == build ]]; then
    setup_packages program test
    bench_build
    return
  fi
  if [[ ${1:-} == profile ]]; then
    shift
    setup_packages program test profile
    run=(python3 -B tests/bench/profile.py build/release/rapport_bench)
  else
    setup_packages program test
  fi
  configure release -DRAPPORT_TESTS=ON
  if [[ $# -gt 0 && $1 != -* ]] && has_target "${1}_bench"; then
    target=${1}_bench
    run=("build/release/$target")
    shift
  fi
  has_target "$target" || fail "no target $target: tests/bench does not build it"
  if [[ $target == rapport_bench ]]; then
    setup_kafka
    if [[ ${run[0]} != python3 && " $* " != *" --short "* && " $* " != *" --no-peers "* ]]; then
      setup_peers
    fi
  fi
  step build "$target, release" cmake --build build/release -j "$jobs" --target "$target"
  exec "${run[@]}" "$@"
}

has_target() {
  ninja -C build/release -t query "$1" >/dev/null 2>&1
}

# timed WHAT COMMAND...: a line with seconds and, in build/bench_build.txt, the same
timed() {
  local what=$1 begun=$EPOCHREALTIME seconds
  shift
  step bench-build "" "$@" || return
  seconds=$(awk -v from="$begun" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f", to - from }')
  printf '%-62s %8s s\n' "$what" "$seconds" | tee -a build/bench_build.txt
}

# Builds of their own, from nothing and without ccache; then one fold file, touched, and its tests.
bench_build() {
  local program=build/bench_build/program all=build/bench_build/all
  local touched=projections/facts/purchases.cc
  export CCACHE_DISABLE=1
  rm -rf build/bench_build build/bench_build.txt
  printf '%s, %s compilers at once\n' "$(g++ --version | head -n 1)" "$jobs" |
    tee build/bench_build.txt
  cmake --preset release -B "$program" -DRAPPORT_TESTS=OFF >/dev/null
  timed "program, release" cmake --build "$program" -j "$jobs" --target rapport
  cmake --preset dev -B "$all" >/dev/null
  timed "program and tests, dev" cmake --build "$all" -j "$jobs"
  touch "$touched"
  timed "$touched touched, built, facts_test run" build_and_run "$all" facts_test
  rm -rf build/bench_build
}

build_and_run() {
  cmake --build "$1" -j "$jobs" --target "$2" && "$1/$2"
}
