// The targets: what must hold for every input whatever, each a function of the input's bytes.
//
//   for (const Target& target : AllTargets()) target.run(bytes);
//
// A target ends the process (RAPPORT_CHECK, or a sanitizer) when its property does not hold. How an
// input is cut stands above each; write_seeds.cc makes the small corpora that fuzzing begins with.
//
// Threads: one at a time: targets keep validators and rules between inputs, as the program does.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace rapport::fuzz {

// record.cc. options(1), sized key, per header name(1) and sized value, then the record's value.
//   The first two bits of options are the number of headers; KeyOf(options) says what the key is.
// One verdict however often it is asked; ingress and pipeline agree; what was accepted comes back
// whole from its bytes, its touchpoint and its JSON.
void FuzzRecord(absl::string_view input);

// history.cc. Events as MakeEvents (events.h) cuts them.
// Accepted ones give the same facts in any order, in halves merged, and as bytes and back; no
// moment makes the evaluation stop.
void FuzzHistory(absl::string_view input);

// archive.cc. mode(1), then a block's bytes (a checksum is put right on the way), or records.
// What can be decoded and encoded again is the same; damage is an error.
void FuzzArchive(absl::string_view input);

// rows.cc. mode(1), then a touch chunk, a customer's row, an engine record or a table of touches.
// What is accepted comes back from its own bytes; the rest is DATA_LOSS.
void FuzzRows(absl::string_view input);

// facts.cc. The bytes of a CustomerFacts.
// Bytes of facts are facts again, the same as the generated class writes them; anything else is
// DATA_LOSS.
void FuzzFacts(absl::string_view input);

// http.cc. A request as its bytes come.
// What is taken and written plainly is read as the same; the rest is refused with a reason; a body
// gives the method's own request.
void FuzzHttp(absl::string_view input);

// import.cc. A mapping in TOML, a line `%%`, and the file that is imported.
// Every row is counted once; an event that is handed over can be put on the log.
void FuzzImport(absl::string_view input);

// rules.cc. A rule set as text.
// Rules that are taken fold and evaluate a history without stopping; their own canonical text is
// the same rules.
void FuzzRules(absl::string_view input);

// capsule.cc. The text of a capsule; without rules in it, it is replayed by the standard ones.
// What cannot be a capsule is refused with its reason; what is one is written and read again as the
// same, and replays, twice the same.
void FuzzCapsule(absl::string_view input);

// text.cc. `@` and a position token, `#` and a moment, `~` and a filter, `$` and a file of tokens,
// or the JSON of a touchpoint or a CloudEvent. What is read and written is read again as the same.
void FuzzText(absl::string_view input);

struct Target {
  // Also the name of its corpus folder.
  std::string name;
  void (*run)(absl::string_view input) = nullptr;
};
const std::vector<Target>& AllTargets();

}  // namespace rapport::fuzz
