// Seal: moves the sensitive texts of an event under its customer's key, and back.
//
//   Seal(key, event);                   // `note` is empty now, `sealed` holds its box
//   OpenSealed(key, event);             // and back
//
// A box is bound to event id, customer and field, so that it opens nowhere else. `content_tag`, a
// keyed hash of the plain content, lets a retry be told from another event without any text.
//
// Threads: pure, but for the nonces.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "engine/base/hash.h"
#include "engine/event/key_store.h"
#include "rapport/v1/event.pb.h"

namespace rapport::event {

// REQUIRES: the event has a customer, and texts that are not sealed yet.
void Seal(const CustomerKey& key, v1::Event& event);

// Opens what `key` opens. The paths of what stays sealed.
std::vector<std::string> OpenSealed(const CustomerKey& key, v1::Event& event);

// The paths of the sealed texts.
std::vector<std::string> SealedPaths(const v1::Event& event);

// Takes away what is of no use to a reader without keys: boxes, tag, the hash of an alias.
void DropSeals(v1::Event& event);

// What AliasLinked says of `alias` in its place: a hash under the customer's own key.
Hash128 LookupOf(const CustomerKey& key, absl::string_view alias);

}  // namespace rapport::event
