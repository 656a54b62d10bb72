// What the tests of imports share: files in a folder of their own, and a whole import in one call.
//
// Threads: one per test.
#pragma once

#include <stdlib.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "consumers/transactions/import.h"
#include "gtest/gtest.h"
#include "rapport/v1/commerce.pb.h"
#include "rapport/v1/event.pb.h"

namespace rapport::transactions {

// A folder that goes away with the test.
class ImportFolder {
 public:
  ImportFolder() {
    std::string name = testing::TempDir() + "/import_XXXXXX";
    path_ = mkdtemp(name.data());
  }
  ~ImportFolder() { std::filesystem::remove_all(path_); }

  std::string PathOf(const std::string& name) const { return path_ + "/" + name; }

  std::string Write(const std::string& name, const std::string& bytes) const {
    std::ofstream(PathOf(name), std::ios::binary) << bytes;
    return PathOf(name);
  }

  std::string WriteGzip(const std::string& name, const std::string& bytes) const {
    gzFile file = gzopen(PathOf(name).c_str(), "wb");
    gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
    gzclose(file);
    return PathOf(name);
  }

 private:
  std::string path_;
};

// All that one import gave.
struct Imported {
  absl::Status status;
  ImportReport report;
  std::vector<v1::Event> events;

  v1::PurchaseMade Purchase(size_t index) const {
    v1::PurchaseMade purchase;
    EXPECT_EQ(events.at(index).kind(), v1::KIND_PURCHASE_MADE);
    EXPECT_TRUE(purchase.ParseFromString(events.at(index).payload()));
    return purchase;
  }
};

inline Imported ImportFile(const ImportMapping& mapping, const std::string& path,
                           const ImportOptions& options = {}) {
  Imported imported;
  auto importer = Importer::Open(mapping, path, options);
  imported.status = importer.status();
  if (!importer.ok()) return imported;
  const EventSink keep = [&imported](v1::Event&& event) {
    imported.events.push_back(std::move(event));
    return absl::OkStatus();
  };
  imported.status = (*importer)->Run(keep, imported.report);
  return imported;
}

// Imports `data`, which errors call sales.csv, by a mapping that errors call shop.toml.
inline Imported ImportText(const std::string& toml, const std::string& data,
                           const ImportOptions& options = {}) {
  const ImportFolder folder;
  const auto mapping = ImportMapping::Parse(toml, "shop.toml");
  if (!mapping.ok()) return {.status = mapping.status()};
  return ImportFile(*mapping, folder.Write("sales.csv", data), options);
}

}  // namespace rapport::transactions
