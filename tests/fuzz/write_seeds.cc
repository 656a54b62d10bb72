// Writes the small corpora that fuzzing begins with, from the makers of the other tests:
//
//   build/dev/fuzz_seeds tests/fuzz/corpus
//
// Inputs that broke something stay beside them under names of their own; this touches them not.

#include <google/protobuf/text_format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/coding.h"
#include "engine/log/archive_block.h"
#include "engine/log/engine_record.h"
#include "engine/store/customer_row.h"
#include "engine/store/touch_list.h"
#include "projections/facts/codec.h"
#include "projections/facts/fold.h"
#include "tests/kit/event_builder.h"
#include "tests/kit/random_history.h"
#include "tests/kit/standard_rules.h"

namespace rapport::fuzz {
namespace {

std::string Sized(absl::string_view bytes) {
  std::string out;
  AppendBigEndian16(out, static_cast<uint16_t>(bytes.size()));
  return out.append(bytes.data(), bytes.size());
}

class SeedWriter {
 public:
  explicit SeedWriter(std::string folder) : folder_(std::move(folder)) {}

  void Write(absl::string_view target, absl::string_view name, absl::string_view bytes) {
    const auto folder = std::filesystem::path(folder_) / std::string(target);
    std::filesystem::create_directories(folder);
    std::ofstream file(folder / std::string(name), std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    RAPPORT_CHECK(file.good()) << target << "/" << name;
    ++written_;
  }
  int written() const { return written_; }

 private:
  const std::string folder_;
  int written_ = 0;
};

std::string EventBytes(const kit::EventBuilder& builder) {
  const ValidEvent view = builder.View();
  v1::Event event = *view.envelope;
  event.set_payload(view.payload->SerializeAsString());
  return event.SerializeAsString();
}

void WriteRecords(SeedWriter& out) {
  const std::string key = Sized("cust-1");
  kit::EventBuilder rich = kit::APurchase().Key("A1").Worth(120, "EUR").On(v1::CHANNEL_PHONE);
  rich.envelope().mutable_actor()->set_id("agent");
  rich.envelope().set_duration_s(7);
  rich.envelope().set_customer_feeling(-1);
  rich.envelope().add_measures()->set_name("stars");
  const std::string purchase = EventBytes(rich);
  out.Write("record", "purchase", absl::StrCat(std::string(1, '\0'), key, purchase));
  out.Write("record", "confluent_frame",
            absl::StrCat(std::string(1, '\0'), key, std::string("\0\0\0\0\x01\0", 6), purchase));
  kit::EventBuilder bare = kit::AnEvent(v1::KIND_COMPLAINT_RAISED).Key("C1").Set("severity", 3);
  bare.envelope().clear_event_id();
  bare.envelope().clear_occurred_at_us();
  out.Write("record", "cloud_event_headers",
            absl::StrCat("\x02", key, std::string(1, '\0'), Sized("shop:7"), "\x03",
                         Sized("2024-05-01T10:00:00Z"), EventBytes(bare)));
  for (const v1::Kind kind :
       {v1::KIND_OUTREACH_MADE, v1::KIND_SURVEY_ANSWERED, v1::KIND_PROMISE_MADE}) {
    kit::EventBuilder event = kit::AnEvent(kind);
    if (kind == v1::KIND_OUTREACH_MADE) event.Set("purpose", 1);
    if (kind == v1::KIND_SURVEY_ANSWERED) event.Set("score", 9).Set("max", 10);
    if (kind == v1::KIND_PROMISE_MADE) event.Key("P1").Set("due_at_us", 1'700'000'000'000'000);
    out.Write("record", absl::StrCat("kind_", static_cast<int>(kind)),
              absl::StrCat(std::string(1, '\0'), key, EventBytes(event)));
  }
}

// Any bytes are events; these are as good as any.
void WriteHistories(SeedWriter& out) {
  uint64_t state = 20'240'105;
  for (int i = 0; i < 6; ++i) {
    std::string bytes;
    while (bytes.size() < 200) {
      state = state * 6'364'136'223'846'793'005 + 1'442'695'040'888'963'407;
      bytes.push_back(static_cast<char>(state >> 56));
    }
    out.Write("history", absl::StrCat("any_", i), bytes);
  }
}

void WriteBlocks(SeedWriter& out) {
  const std::string value = EventBytes(kit::APurchase().Key("A1").Worth(120, "EUR"));
  const std::vector<HeaderView> headers = {{"ce_id", "shop:1"}, {"ce_source", "shop"}};
  RecordBatch batch;
  batch.first = 40;
  for (Offset i = 0; i < 3; ++i) {
    RecordView record;
    record.offset = 40 + 2 * i;
    record.append_time_us = 1'700'000'000'000'000 + i;
    record.key = "cust-1";
    record.value = value;
    if (i == 1) record.headers = headers;
    batch.records.push_back(record);
  }
  batch.next = 46;
  out.Write("archive", "packed",
            absl::StrCat(std::string(1, '\0'), log::EncodeBlocks(batch, {7, 0})[0].bytes));
  batch.records.resize(1);
  out.Write("archive", "plain", absl::StrCat("\x01", log::EncodeBlocks(batch, {7, 0})[0].bytes));
  std::string records("\x02");
  AppendBigEndian32(records, 1000);
  records.append("\0\x01\x05", 3);
  AppendBigEndian64(records, 99);
  AppendBigEndian64(records, 0);
  for (int i = 0; i < 4; ++i) {
    records.push_back(static_cast<char>(i));
    AppendBigEndian64(records, 1'700'000'000'000'000);
    records += absl::StrCat(Sized("cust-1"), Sized(value), std::string(1, static_cast<char>(i)));
    for (int header = 0; header < i; ++header) records += Sized("ce_id") + Sized("shop:1");
  }
  out.Write("archive", "records", records);
}

void WriteRows(SeedWriter& out) {
  store::TouchList list;
  for (Offset i = 0; i < 9; ++i) list.Append(5 + i * i * 100, static_cast<uint32_t>(i * 77));
  out.Write("rows", "touches", absl::StrCat(std::string(1, '\0'), list.tail()));
  store::CustomerRow row;
  row.folded_to = 6'405;
  row.greatest_id = {1, 2};
  row.quarantined = 3;
  row.chunks = 2;
  row.tail_size = 9;
  row.tail = list.tail();
  list.NoteRevision(405, 7);
  const std::string revisions = list.EncodedRevisions();
  row.revisions = revisions;
  row.facts = "facts";
  std::string bytes("\x01");
  row.AppendTo(bytes);
  out.Write("rows", "customer", bytes);
  const auto engine = [](log::EngineRecord::Type type, std::string body) {
    std::string record = log::EncodeEngineRecord({type, 1'700'000'000'000'000, std::move(body)});
    return absl::StrCat("\x02", record.substr(0, record.size() - 4));
  };
  out.Write("rows", "identity",
            engine(log::EngineRecord::Type::kIdentity, log::EncodeIdentity({{7, 1}, 16})));
  out.Write("rows", "gap",
            engine(log::EngineRecord::Type::kGapAccepted, log::EncodeGap({3, 10, 90, "ops"})));
  out.Write("rows", "block_key", absl::StrCat("\x03", log::BlockKey(3, 1043)));
}

void WriteFacts(SeedWriter& out) {
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    facts::Facts facts;
    for (const kit::EventBuilder& event : kit::RandomHistory(seed, 12)) {
      const ValidEvent view = event.View();
      if (facts::Folds(view.kind)) facts::Fold(facts, view, kit::Standard().fold);
    }
    std::string bytes;
    facts::Encode(facts, kit::Standard().fold, /*with_offsets=*/true, bytes);
    out.Write("facts", absl::StrCat("history_", seed), bytes);
  }
}

void WriteImports(SeedWriter& out) {
  out.Write("import", "invoices", R"([file]
format = "csv"
source = "shop"
time_zone = "UTC"
[skip]
empty = ["Who"]
when = [{ column = "Price", not_above = 0 }]
[group]
by = ["No", "Who"]
occurred_at = { column = "At", format = "%Y-%m-%d %H:%M", take = "earliest" }
[ids]
event_id = "invoice:{No}"
customer_id = { column = "Who", drop_suffix = ".0" }
[[event]]
when = { column = "No", prefix = "C" }
kind = "PurchaseReversed"
form = "CANCEL"
amount = { sum = "Count * Price", negate = true, currency = "GBP" }
[[event]]
kind = "PurchaseMade"
order = "{No}"
place = "{Land}"
amount = { sum = "Count * Price", currency = "GBP" }
items = { sku = "Sku", quantity = "Count", amount = "Count * Price" }
%%
No,Sku,Count,At,Price,Who,Land
536,A1,6,2011-06-01 08:26,2.55,17850.0,"United ""K"""
536,A2,3,2011-06-01 08:25,0.333,17850.0,UK
C537,B2,-1,2011-06-02 09:00,1,13047.0,France
538,B2,1,2011-06-02 09:00,0,13047.0,France
539,B2,1,2011-06-02 09:00,1,,France
)");
  out.Write("import", "blank_separated", R"([file]
format = "blank-separated"
header = false
skip_lines = 1
columns = ["id", "date", "units", "dollars"]
source = "cdnow"
[ids]
event_id = "row:{line}"
customer_id = { column = "id" }
[[event]]
kind = "PurchaseMade"
occurred_at = { column = "date", format = "%Y%m%d" }
amount = { sum = "dollars", currency = "USD" }
measures = { lines = "1" }
%%
 id date units dollars
 00001 19970101  1   11.77
 00002 19970112  5   77.00
)");
}

// The whole rule sets are in projections/rules, where fuzzing takes them from.
void WriteRules(SeedWriter& out) {
  out.Write("rules", "empty_parts", "fold { } evaluate { }\n");
  out.Write("rules", "unknown_name", "fold { nothing: 1 }\n");
}

void WriteRequests(SeedWriter& out) {
  out.Write("http", "get",
            "GET /v1/customers/shop%3A1?minPosition=7c1e90ab.1:3@1043&viewpoint.asO"
            "fUs=5&reveal=true&insights=a&insights=b HTTP/1.1\r\n"
            "Host: localhost\r\n"
            "Connect-Timeout-Ms: 500\r\n"
            "\r\n");
  out.Write("http", "publish",
            "POST /v1/events:publish?validateOnly=true HTTP/1.1\r\n"
            "Host: localhost\r\n"
            "Content-Type: application/json\r\n"
            "Content-Length: 63\r\n"
            "\r\n"
            "{\"touchpoint\":{\"eventId\":\"e\",\"thanksGiven\":{},\"note\":\"thanks\"}}");
  out.Write("http", "chunked",
            "POST /v1/customers/ana:erase HTTP/1.1\r\n"
            "Host: localhost\r\n"
            "Content-Type: application/json\r\n"
            "Transfer-Encoding: chunked\r\n"
            "\r\n"
            "8\r\n"
            "{\"purpos\r\n"
            "7;x=y\r\n"
            "e\":\"a\"}\r\n"
            "0\r\n"
            "\r\n");
  out.Write("http", "cloud_event",
            "POST /v1/events:publish HTTP/1.1\r\n"
            "Host: localhost\r\n"
            "Content-Type: application/cloudevents+json\r\n"
            "Content-Length: 77\r\n"
            "\r\n"
            "{\"specversion\":\"1.0\",\"id\":\"e\",\"ext\":7,\"data\":{\"thanksGiven\":{},\"source"
            "\":\"s\"}}");
  out.Write("http", "lines",
            "POST /v1/events:batchPublish HTTP/1.1\r\n"
            "Host: localhost\r\n"
            "Content-Type: application/x-ndjson\r\n"
            "Content-Length: 42\r\n"
            "\r\n"
            "{\"thanksGiven\":{}}\n"
            "\n"
            "{\"x\":1}\n"
            "{\"source\":\"s\"}");
  out.Write("http", "connect",
            "POST /rapport.v1.PublishService/Publish HTTP/1.1\r\n"
            "Host: [::1]:8470\r\n"
            "Content-Type: application/proto\r\n"
            "Content-Length: 2\r\n"
            "\r\n"
            "\x10\x01");
  out.Write("http", "smuggled",
            "POST /v1/customers:resolve HTTP/1.1\r\n"
            "Host: a\r\n"
            "Content-Length: 2\r\n"
            "Transfer-Encoding: chunked\r\n"
            "\r\n"
            "{}");
}

// The capsules that tests replay, without rules, which have a target of their own, and without the
// digest, which no changed one would fit.
void WriteCapsules(SeedWriter& out) {
  for (const auto& entry :
       std::filesystem::directory_iterator(RAPPORT_SOURCE_DIR "/tests/capsules")) {
    if (entry.path().extension() != ".capsule") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    text.erase(text.find("\nrules_text:") + 1);
    const size_t digest = text.find("\ndigest: ") + 1;
    text.erase(digest, text.find('\n', digest) + 1 - digest);
    out.Write("capsule", entry.path().stem().string(), text);
  }
  out.Write("capsule", "of_nobody",
            "format: 1\ncustomer_id: \"ana\"\npartitions: 1\nposition: "
            "\"7c1e90ab.1:0@9\"\nas_of_us: 1\n");
}

void WriteTexts(SeedWriter& out) {
  out.Write("text", "position", "@7c1e90ab.1:3@1043,4@7;7c1e90ab.1:5@1");
  out.Write("text", "position_of_a_producer", "@p:3@1043");
  out.Write("text", "moment", "#2026-01-31T09:30:00.5+01:00");
  out.Write("text", "day", "#2024-02-29");
  out.Write("text", "purchase",
            R"({"eventId":"shop:1","customerId":"ana","occurredAt":"2024-01-05T09:00:00Z",
"source":"shop","channel":"CHANNEL_PHONE","measures":[{"name":"stars","value":"3"}],
"purchaseMade":{"order":"A\u00e91","amount":{"micros":"40000000","currency":"EUR"}}})");
  out.Write("text", "complaint",
            R"({"event_id":"e","complaintRaised":{"case":"C1","severity":3,"topic":"delivery"}})");
  out.Write("text", "cloud_event",
            R"({"specversion":"1.0","id":"shop:1","source":"shop","subject":"ana","time":)"
            R"("2024-01-05T10:00:00Z","data":{"thanksGiven":{},"channel":"PHONE"}})");
  out.Write("text", "filter",
            "~stage=EXPANSION AND score>=300 AND owner=\"Ann B\" AND flag:DAMAGED");
  out.Write("text", "tokens",
            "$# who may call\ntoken name=shop roles=publisher sources=shop,web expires=2027-01-01 "
            "sha256=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
            "certificate name=crm.example.org roles=reader,worker\n");
}

}  // namespace
}  // namespace rapport::fuzz

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: fuzz_seeds FOLDER\n", stderr);
    return 2;
  }
  rapport::fuzz::SeedWriter out(argv[1]);
  rapport::fuzz::WriteRecords(out);
  rapport::fuzz::WriteHistories(out);
  rapport::fuzz::WriteBlocks(out);
  rapport::fuzz::WriteRows(out);
  rapport::fuzz::WriteFacts(out);
  rapport::fuzz::WriteImports(out);
  rapport::fuzz::WriteRules(out);
  rapport::fuzz::WriteRequests(out);
  rapport::fuzz::WriteCapsules(out);
  rapport::fuzz::WriteTexts(out);
  std::printf("%d seeds\n", out.written());
  return 0;
}
