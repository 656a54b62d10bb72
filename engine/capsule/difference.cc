#include "engine/capsule/difference.h"

#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace rapport::capsule {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;
using Path = std::vector<MessageDifferencer::SpecificField>;

// Writes down each field that is told of.
class Notes : public MessageDifferencer::Reporter {
 public:
  explicit Notes(v1::CapsuleReplay* replay) : replay_(replay) {}

  void ReportAdded(const Message&, const Message& got, const Path& path) override {
    AddDifference(NameOf(path), "", ValueOf(got, path.back(), path.back().new_index), *replay_);
  }
  void ReportDeleted(const Message& expected, const Message&, const Path& path) override {
    AddDifference(NameOf(path), ValueOf(expected, path.back(), path.back().index), "", *replay_);
  }
  void ReportModified(const Message& expected, const Message& got, const Path& path) override {
    AddDifference(NameOf(path), ValueOf(expected, path.back(), path.back().index),
                  ValueOf(got, path.back(), path.back().new_index), *replay_);
  }

 private:
  static std::string NameOf(const Path& path) {
    std::string name = "standing";
    for (const MessageDifferencer::SpecificField& part : path) {
      if (part.field == nullptr) {
        absl::StrAppend(&name, ".", part.unknown_field_number);
        continue;
      }
      absl::StrAppend(&name, ".", part.field->name());
      const int index = part.index >= 0 ? part.index : part.new_index;
      if (part.field->is_repeated() && index >= 0) absl::StrAppend(&name, "[", index, "]");
    }
    return name;
  }

  static std::string ValueOf(const Message& message, const MessageDifferencer::SpecificField& part,
                             int index) {
    if (part.field == nullptr) return "a field of a later version";
    std::string text;
    google::protobuf::TextFormat::Printer printer;
    printer.SetSingleLineMode(true);
    printer.PrintFieldValueToString(message, part.field, part.field->is_repeated() ? index : -1,
                                    &text);
    return text;
  }

  v1::CapsuleReplay* const replay_;
};

}  // namespace

void AddDifference(std::string field, std::string expected, std::string got,
                   v1::CapsuleReplay& replay) {
  v1::CapsuleDifference& difference = *replay.add_differences();
  difference.set_field(std::move(field));
  difference.set_expected(std::move(expected));
  difference.set_got(std::move(got));
}

void AddDifferences(const v1::Standing& expected, const v1::Standing& got,
                    v1::CapsuleReplay& replay) {
  Notes notes(&replay);
  MessageDifferencer differencer;
  differencer.ReportDifferencesTo(&notes);
  differencer.Compare(expected, got);
}

}  // namespace rapport::capsule
