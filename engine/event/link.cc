#include "engine/event/link.h"

#include <algorithm>
#include <string>

#include "engine/base/check.h"
#include "engine/event/erasure.h"
#include "rapport/v1/known.pb.h"
#include "rapport/v1/work.pb.h"

namespace rapport::event {
namespace {

// What `link` is to the customer of the event.
template <typename Message>
void Say(const ValidEvent& event, const Message& link, bool is_split, Links& links) {
  const bool goes = link.merged() == event.customer_id;
  RAPPORT_CHECK(goes || link.survivor() == event.customer_id) << "a link of other customers";
  const Link::Word word = is_split ? Link::Word::kSplit
                          : goes   ? Link::Word::kGoesInto
                                   : Link::Word::kTakesIn;
  links.Say({goes ? link.survivor() : link.merged(), event.moment(), word});
}

}  // namespace

bool IsLink(v1::Kind kind) {
  return kind == v1::KIND_CUSTOMER_MERGED || kind == v1::KIND_CUSTOMER_SPLIT;
}

void AddLink(const ValidEvent& event, Links& links) {
  if (!IsLink(event.kind)) return;
  RAPPORT_CHECK(event.payload != nullptr) << event.kind;
  if (event.kind == v1::KIND_CUSTOMER_SPLIT) {
    Say(event, static_cast<const v1::CustomerSplit&>(*event.payload), true, links);
  } else {
    Say(event, static_cast<const v1::CustomerMerged&>(*event.payload), false, links);
  }
}

void AddAlias(const ValidEvent& event, Aliases& aliases) {
  if (event.kind != v1::KIND_ALIAS_LINKED) return;
  RAPPORT_CHECK(event.payload != nullptr) << event.kind;
  const std::string& hash = static_cast<const v1::AliasLinked&>(*event.payload).lookup();
  Hash128 lookup;
  if (hash.size() != lookup.size()) return;
  std::copy(hash.begin(), hash.end(), lookup.begin());
  aliases.Link(lookup, event.moment());
}

void AddErasure(const v1::Event& event, Links& links) {
  if (IsErasureRequest(event)) links.Erase();
}

void AddErasure(const v1::Event& event, Aliases& aliases) {
  if (IsErasureRequest(event)) aliases.Erase();
}

}  // namespace rapport::event
