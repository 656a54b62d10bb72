// What two standings say otherwise, field by field.
//
//   AddDifferences(capsule.standing(), standing, replay);   // `standing.score_milli`, 402000,
//   398000
//
// Threads: pure.
#pragma once

#include "rapport/v1/capsule.pb.h"

namespace rapport::capsule {

// In the order of the fields' numbers.
void AddDifferences(const v1::Standing& expected, const v1::Standing& got,
                    v1::CapsuleReplay& replay);

void AddDifference(std::string field, std::string expected, std::string got,
                   v1::CapsuleReplay& replay);

}  // namespace rapport::capsule
