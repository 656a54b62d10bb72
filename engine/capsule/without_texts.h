// WithoutTexts copies records so that no text of the fields marked sensitive leaves in clear.
//
//   WithoutTexts without_texts(partitions);
//   if (!without_texts.Copy(record, copy)) ... its bytes stay here ...
//   without_texts.event();             // what the record says, checked
//
// Sealed texts stay as they are: nobody opens them without the customer's key. In the place of one
// that the log holds in clear stands a number, the same for the same text, so that copies are still
// told from conflicts. All other bytes, and what the engine says of the record, stay the same;
// where that cannot be, or where a text may hide in bytes that no field holds, it is not copied.
//
// Threads:   one. Ownership: owns what event() points into, until the next Copy.
// Never:     gives away what it cannot read.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "engine/event/validator.h"
#include "engine/model/record.h"
#include "rapport/v1/capsule.pb.h"

namespace rapport::capsule {

class WithoutTexts {
 public:
  // Of a log of so many partitions.
  explicit WithoutTexts(int partitions);

  // Fills value, headers and texts_taken_out of `copy`. False, and `copy` as it was, when the bytes
  // cannot be given away: then the record is none that is folded.
  bool Copy(const RecordView& record, v1::CapsuleRecord& copy);

  // What the record copied last says; empty where it is rejected.
  const ValidEvent& event() const { return event_; }

 private:
  // What stands in the place of `text`.
  std::string PlaceOf(const std::string& text);
  // Whether the copy is judged as the record is.
  bool IsJudgedAlike(const RecordView& record, const v1::CapsuleRecord& copy);

  event::Validator validator_;
  event::Validator of_copy_;
  ValidEvent event_;
  std::map<std::string, size_t> places_;
};

}  // namespace rapport::capsule
