// The tables of quick_fields.h: the envelope, and the payload that comes most often.
//
// Threads: built once, then constant.
#pragma once

#include "engine/event/quick_fields.h"
#include "rapport/v1/commerce.pb.h"
#include "rapport/v1/event.pb.h"
#include "rapport/v1/money.pb.h"

namespace rapport::event {

// All but lists, the note and what the ingress adds.
const QuickFields<v1::Event>& EventFields();
// All but items.
const QuickFields<v1::PurchaseMade>& PurchaseFields();
const QuickFields<v1::Money>& MoneyFields();

}  // namespace rapport::event
