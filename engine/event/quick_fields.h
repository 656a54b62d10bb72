// QuickFields<M>: how the fields of message M that most events have are read, by a table.
//
//   const QuickFields<v1::Money>& fields = MoneyFields();
//   ReusedMessage<v1::Event> event(&EventFields());
//   if (!event.ParseQuickly(bytes)) event.Changed().ParseFromArray(...);
//
// A message that is parsed into again and again is cleared whole by the generated parser each time,
// its messages inside made anew, and every byte of it looked at by calls. Here a field that comes
// again is written over, and one that does not come is cleared by itself. What is read so is what
// the generated parser reads; what the table does not know, or what no library writes (a field
// twice or out of order), is left to that one.
//
// Threads: a table is constant; a ReusedMessage is of one thread. Ownership: a ReusedMessage owns
// its message and borrows its table.
#pragma once

#include <array>
#include <bit>
#include <initializer_list>
#include <limits>
#include <string>

#include "engine/base/coding.h"
#include "engine/event/text.h"
#include "engine/event/wire.h"

namespace rapport::event {

template <typename M>
struct QuickField {
  int number;
  WireType type;
  // Takes the value off `wire` into the message; false for one that is none.
  bool (*read)(Wire& wire, M& message);
  void (*clear)(M& message);
};

template <typename M>
class QuickFields {
 public:
  // REQUIRES: numbers in 1..63, each once.
  QuickFields(std::initializer_list<QuickField<M>> fields) {
    for (const QuickField<M>& field : fields) {
      by_number_[static_cast<size_t>(field.number)] = {TagOf(field.number, field.type), field.read,
                                                       field.clear};
      known_ |= uint64_t{1} << field.number;
    }
  }

  // Reads all of `bytes` into the message. `present` takes bit n for field n. False for what is
  // left to the generated parser: then the message holds a part.
  bool Read(absl::string_view bytes, M& message, uint64_t& present) const {
    present = 0;
    uint64_t last = 0;
    for (Wire wire(bytes); !wire.done();) {
      uint64_t tag = 0;
      if (!wire.Varint(tag)) return false;
      const uint64_t number = tag >> 3;
      if (tag <= last || number >= kFieldNumbersEnd) return false;
      const Row& row = by_number_[number];
      if (row.tag != tag || !row.read(wire, message)) return false;
      present |= uint64_t{1} << number;
      last = tag | 7;
    }
    return true;
  }

  // Clears the fields that `numbers` has bits for.
  void Clear(uint64_t numbers, M& message) const {
    for (; numbers != 0; numbers &= numbers - 1) {
      by_number_[static_cast<size_t>(std::countr_zero(numbers))].clear(message);
    }
  }

  // Bit n = field n is in the table.
  uint64_t known() const { return known_; }

 private:
  struct Row {
    // 0, which no field has: not in the table.
    uint64_t tag = 0;
    bool (*read)(Wire& wire, M& message) = nullptr;
    void (*clear)(M& message) = nullptr;
  };

  std::array<Row, kFieldNumbersEnd> by_number_{};
  uint64_t known_ = 0;
};

namespace quick_internal {

template <typename>
struct MemberOf;
template <typename M, typename R, typename... A>
struct MemberOf<R (M::*)(A...)> {
  using Message = M;
  using Result = R;
};

template <auto Member>
using MessageOf = typename MemberOf<decltype(Member)>::Message;

template <auto Clear>
void ClearBy(MessageOf<Clear>& message) {
  (message.*Clear)();
}

}  // namespace quick_internal

// A `string` or, where the parser asks for no UTF-8, a `bytes`.
template <auto Mutable, auto Clear, bool kIsUtf8 = true>
QuickField<quick_internal::MessageOf<Clear>> QuickText(int number) {
  using M = quick_internal::MessageOf<Clear>;
  return {number, WireType::kSized,
          [](Wire& wire, M& message) {
            absl::string_view text;
            if (!wire.Sized(text) || (kIsUtf8 && !IsUtf8(text))) return false;
            (message.*Mutable)()->assign(text.data(), text.size());
            return true;
          },
          &quick_internal::ClearBy<Clear>};
}

// A number whose wire value is itself, an enum or a bool, of at most `kMax`; one above is left to
// the generated parser.
template <typename T, auto Set, auto Clear,
          uint64_t kMax = static_cast<uint64_t>(std::numeric_limits<int32_t>::max())>
QuickField<quick_internal::MessageOf<Clear>> QuickNumber(int number) {
  using M = quick_internal::MessageOf<Clear>;
  return {number, WireType::kVarint,
          [](Wire& wire, M& message) {
            uint64_t value = 0;
            if (!wire.Varint(value) || value > kMax) return false;
            (message.*Set)(static_cast<T>(value));
            return true;
          },
          &quick_internal::ClearBy<Clear>};
}

// An sint32.
template <auto Set, auto Clear>
QuickField<quick_internal::MessageOf<Clear>> QuickSigned(int number) {
  using M = quick_internal::MessageOf<Clear>;
  return {number, WireType::kVarint,
          [](Wire& wire, M& message) {
            uint64_t value = 0;
            if (!wire.Varint(value) || value > std::numeric_limits<uint32_t>::max()) return false;
            (message.*Set)(static_cast<int32_t>(UnZigZag(value)));
            return true;
          },
          &quick_internal::ClearBy<Clear>};
}

// An sfixed64.
template <auto Set, auto Clear>
QuickField<quick_internal::MessageOf<Clear>> QuickFixed64(int number) {
  using M = quick_internal::MessageOf<Clear>;
  return {number, WireType::kFixed64,
          [](Wire& wire, M& message) {
            int64_t value = 0;
            if (!wire.Fixed64(value)) return false;
            (message.*Set)(value);
            return true;
          },
          &quick_internal::ClearBy<Clear>};
}

// A message whose fields `Fields()` tells.
template <auto Mutable, auto Clear, auto Fields>
QuickField<quick_internal::MessageOf<Clear>> QuickMessage(int number) {
  using M = quick_internal::MessageOf<Clear>;
  return {number, WireType::kSized,
          [](Wire& wire, M& message) {
            absl::string_view bytes;
            uint64_t present = 0;
            const auto& fields = Fields();
            auto& inner = *(message.*Mutable)();
            if (!wire.Sized(bytes) || !fields.Read(bytes, inner, present)) return false;
            fields.Clear(fields.known() & ~present, inner);
            return true;
          },
          &quick_internal::ClearBy<Clear>};
}

template <typename M>
class ReusedMessage {
 public:
  explicit ReusedMessage(const QuickFields<M>* fields) : fields_(fields) {}

  // False: the message holds a part, so let the generated parser do it.
  bool ParseQuickly(absl::string_view bytes) {
    // What nobody knows all fields of is cleared once.
    if (present_ == kAny) message_.Clear();
    const uint64_t before = present_ == kAny ? 0 : present_;
    present_ = kAny;
    uint64_t present = 0;
    if (!fields_->Read(bytes, message_, present)) return false;
    fields_->Clear(before & ~present, message_);
    present_ = present;
    return true;
  }

  const M& message() const { return message_; }
  // The message, to be changed by somebody else in any way.
  M& Changed() {
    present_ = kAny;
    return message_;
  }

 private:
  // No message has all of them: there is no field 0.
  static constexpr uint64_t kAny = ~uint64_t{0};

  const QuickFields<M>* fields_;
  M message_;
  // Bit n = field n may be set; no other is. kAny = anything.
  uint64_t present_ = kAny;
};

}  // namespace rapport::event
