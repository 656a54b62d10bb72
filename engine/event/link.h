// Link events: CustomerMerged, CustomerSplit, AliasLinked, and what each says under the id it
// stands under.
//
//   AddLink(event, slot.links);
//   AddAlias(event, slot.aliases);
//
// An erasure that the engine asked for says that its customer is one with nobody and is known by no
// other id, for good; nothing takes that back.
//
// Threads: pure.
#pragma once

#include "engine/model/aliases.h"
#include "engine/model/links.h"
#include "engine/model/valid_event.h"

namespace rapport::event {

// CustomerMerged, CustomerSplit.
bool IsLink(v1::Kind kind);

// Adds what a merge or split says to the links of the customer it stands under; other kinds say
// nothing. REQUIRES: its payload was checked.
void AddLink(const ValidEvent& event, Links& links);

// Adds the alias that an AliasLinked links; one that did not come through an ingress has no hash,
// and nobody can be found by it. Other kinds link none. REQUIRES: its payload was checked.
void AddAlias(const ValidEvent& event, Aliases& aliases);

// Forgets links, or aliases, when `event` is the engine's request to erase its customer.
void AddErasure(const v1::Event& event, Links& links);
void AddErasure(const v1::Event& event, Aliases& aliases);

}  // namespace rapport::event
