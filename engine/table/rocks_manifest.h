// NewManifestEnv makes an environment in which each row of a RocksDB's list of files, the manifest,
// is synced before the next one is written.
//
// RocksDB writes the rows of a flush and of a compaction that end together one after the other and
// syncs them once. A power cut between can leave a torn row with a whole one behind it, which looks
// as damage of synced rows does (rocks_logs.h). Here never more than the last row is unsynced.
//
//   const std::unique_ptr<rocksdb::Env> env = NewManifestEnv(rocksdb::Env::Default());
//   options.env = env.get();
//
// Threads:   may be called from any thread; the environment is as safe as the one below it.
// Ownership: borrows `base`. The environment must outlive the tables opened on it.
#pragma once

#include <memory>

namespace rocksdb {
class Env;
}  // namespace rocksdb

namespace rapport::table {

std::unique_ptr<rocksdb::Env> NewManifestEnv(rocksdb::Env* base);

}  // namespace rapport::table
