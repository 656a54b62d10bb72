// RandomMessage: bytes of messages, good ones and ones with all that can be wrong with a message.
//
//   RandomMessage random(seed);
//   std::string bytes = random.Bytes(v1::PurchaseMade::default_instance());
//
// Threads: one.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>

#include "engine/base/time.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace rapport::event {

class RandomMessage {
 public:
  explicit RandomMessage(uint32_t seed) : random_(seed) {}

  // The bytes of a message like `prototype`: most fields are given, some badly.
  std::string Bytes(const google::protobuf::Message& prototype) {
    const std::unique_ptr<google::protobuf::Message> message(prototype.New());
    Fill(*message);
    std::string bytes = message->SerializeAsString();
    // The same fields again, of which the last count.
    if (Below(8) == 0) {
      Fill(*message);
      bytes += message->SerializeAsString();
    }
    if (Below(8) == 0 && !bytes.empty())
      bytes[Below(bytes.size())] ^= static_cast<char>(1 + Below(7));
    return bytes;
  }

 private:
  using FieldDescriptor = google::protobuf::FieldDescriptor;

  size_t Below(size_t n) { return random_() % n; }
  bool IsBad() { return Below(30) == 0; }

  void Fill(google::protobuf::Message& message) {
    const auto& type = *message.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor* field = type.field(i);
      if (Below(8) == 0) continue;
      if (field->is_repeated()) continue;
      Set(message, *field);
    }
  }

  void Set(google::protobuf::Message& message, const FieldDescriptor& field) {
    const auto& reflection = *message.GetReflection();
    const bool is_moment = field.type() == FieldDescriptor::TYPE_SFIXED64;
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        return reflection.SetString(&message, &field, Text(field));
      case FieldDescriptor::CPPTYPE_ENUM:
        return reflection.SetEnumValue(&message, &field, static_cast<int>(Below(IsBad() ? 90 : 3)));
      case FieldDescriptor::CPPTYPE_BOOL:
        return reflection.SetBool(&message, &field, Below(2) == 0);
      case FieldDescriptor::CPPTYPE_INT32:
        return reflection.SetInt32(&message, &field, static_cast<int32_t>(Number()));
      case FieldDescriptor::CPPTYPE_UINT32:
        return reflection.SetUInt32(&message, &field, static_cast<uint32_t>(Number()));
      case FieldDescriptor::CPPTYPE_INT64:
        return reflection.SetInt64(&message, &field, is_moment ? Moment() : Number());
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Fill(*reflection.MutableMessage(&message, &field));
      default:
        FAIL() << field.full_name();
    }
  }

  std::string Text(const FieldDescriptor& field) {
    if (field.name() == "currency") return IsBad() ? "euro" : "EUR";
    if (IsBad()) return Below(2) == 0 ? std::string(200, 'x') : "with\ttab";
    if (field.name() == "follow_up_id") return std::string(32, 'a');
    return Below(10) == 0 ? "" : "caf\xc3\xa9";
  }
  int64_t Number() { return IsBad() ? -1 : static_cast<int64_t>(1 + Below(12)); }
  int64_t Moment() { return IsBad() ? kEndOfTimeMicros : static_cast<int64_t>(1 + Below(1'000)); }

  std::mt19937 random_;
};

}  // namespace rapport::event
