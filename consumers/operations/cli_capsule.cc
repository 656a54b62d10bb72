#include "consumers/operations/cli_capsule.h"

#include "consumers/operations/cli_flags.h"

namespace rapport::operations {

void AddCapsuleCommands(CLI::App& noun, CapsuleCommands& capsules, const RulesHost& host) {
  CLI::App* verb = noun.add_subcommand("export", "events, rules and what is expected, as a file");
  CapsuleExport& exported = capsules.exported;
  verb->add_option("id", exported.id, "customer id")->required()->type_name("ID");
  verb->add_option("-o,--out", exported.file, "file, NAME.capsule (default: standard output)")
      ->type_name("FILE");
  verb->add_flag("--force", exported.force, "replace the file that is there");
  AddViewpointFlags(*verb, exported.as_of, exported.known_at);
  AddRulesDigestFlag(*verb, exported.rules);
  AddMinPositionFlag(*verb, exported.min_position);
  host.add_client_flags(*verb);
  host.asks(verb, [verb, &exported](Client& client, Format format) {
    // A line, also into a pipe: all that is expected is what the file is for.
    exported.format = verb->count("--format") > 0 ? format : Format::kTable;
    return ExportCapsule(client, exported);
  });
  CLI::App* replay = noun.add_subcommand("replay", "whether they still come out as they say");
  CapsuleReplays& replays = capsules.replays;
  replay->add_option("paths", replays.paths, "files, or folders of *.capsule")
      ->required()
      ->type_name("FILE");
  replay->add_option("--rules", replays.rules, "what it would be under others: a file, or office")
      ->type_name("FILE");
  replay->add_option("--format", replays.format, "table (the default), json or jsonl")
      ->type_name("NAME");
  host.works(replay, [&replays]() { return ReplayCapsules(replays); });
}

}  // namespace rapport::operations
