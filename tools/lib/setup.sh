# What tools/dev installs: Debian packages, the Kafka broker, the programs that the bench compares
# with, and Python packages of the tests.
# shellcheck shell=bash disable=SC2154

# wanted_packages GROUP...: `package=command` of tools/packages.txt, a line each
wanted_packages() {
  local word group why wanted
  while read -r word group why; do
    [[ -n $word && $word != \#* ]] || continue
    [[ -n $why ]] || fail "tools/packages.txt: $word has no reason"
    for wanted in "$@"; do
      [[ $group != "$wanted" ]] || printf '%s\n' "$word"
    done
  done <tools/packages.txt
}

is_present() {
  local package=${1%%=*} command=
  [[ $1 != *=* ]] || command=${1#*=}
  if [[ -n $command ]] && command -v "$command" >/dev/null 2>&1; then
    return 0
  fi
  [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == installed ]]
}

as_root() {
  if [[ $(id -u) -eq 0 ]]; then
    "$@"
  elif [[ -n $assume_yes ]]; then
    sudo -n "$@"
  else
    sudo "$@"
  fi
}

install_packages() {
  export DEBIAN_FRONTEND=noninteractive
  as_root apt-get update -q || echo "apt-get update failed; trying with the lists that are here"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
}

# ask QUESTION: yes on --yes, in CI and where nobody can answer
ask() {
  local answer
  if [[ -n $assume_yes || ! -t 0 ]]; then
    return 0
  fi
  read -r -p "$1 [Y/n] " answer
  [[ -z $answer || $answer == [yY]* ]]
}

# setup_packages GROUP...: installs what is missing of tools/packages.txt
setup_packages() {
  local wanted=() missing=() word started=$SECONDS
  command -v dpkg-query >/dev/null 2>&1 ||
    fail "this is no Debian: install what tools/packages.txt names, then use cmake --preset release"
  mapfile -t wanted < <(wanted_packages "$@")
  for word in "${wanted[@]}"; do
    is_present "$word" || missing+=("${word%%=*}")
  done
  local present=$((${#wanted[@]} - ${#missing[@]}))
  if [[ ${#missing[@]} -gt 0 ]]; then
    printf 'packages  %d of %d present, missing:\n' "$present" "${#wanted[@]}"
    for word in "${missing[@]}"; do
      awk -v word="$word" '$1 == word || index($1, word "=") == 1 { print "  " $0 }' \
        tools/packages.txt
    done
    if [[ $(id -u) -ne 0 ]] && ! command -v sudo >/dev/null 2>&1; then
      fail "not root, and no sudo: as root, run: apt-get install ${missing[*]}"
    fi
    ask "Install them with apt-get?" ||
      fail "nothing installed. By hand: apt-get install ${missing[*]}"
    if [[ $(id -u) -ne 0 && -z $assume_yes && -t 0 ]]; then
      sudo -v || fail "sudo refused: as root, run: apt-get install ${missing[*]}"
    fi
    step packages "" install_packages "${missing[@]}" ||
      fail "apt-get could not install ${missing[*]}: its words are above"
  fi
  say packages "${#wanted[@]} of ${#wanted[@]} present" $((SECONDS - started))
}

# The broker that the tests start.
setup_kafka() {
  [[ -x $kafka ]] || fail "$kafka is missing: the checkout is not complete"
  command -v mvn >/dev/null || fail "Maven is missing: tools/dev setup --tests installs it"
  step kafka "Apache Kafka for the tests, present" "$kafka" fetch
}

# The programs that tools/dev bench compares with.
setup_peers() {
  command -v mvn >/dev/null || fail "Maven is missing: tools/dev setup --tests installs it"
  step peers "Kafka Streams to compare with, present" \
    tests/bench/peers/kafka_streams/kafka_streams build
}

# Packages of the foreign Python producer, in build/venv, again only when the list has changed.
setup_python() {
  local list=tests/end_to_end/requirements.txt
  [[ -f $list ]] || return 0
  if ! cmp -s "$list" build/venv/installed.txt; then
    step python "Python packages for the tests" install_python "$list"
  fi
}

install_python() {
  rm -rf build/venv &&
    python3 -m venv build/venv &&
    build/venv/bin/pip install --disable-pip-version-check --quiet -r "$1" &&
    cp "$1" build/venv/installed.txt
}
