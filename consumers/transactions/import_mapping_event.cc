#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "consumers/transactions/import_fields.h"
#include "consumers/transactions/import_mapping_parser.h"
#include "rapport/v1/event.pb.h"

namespace rapport::transactions {

Expression MappingParser::Formula(const TomlNode& node) {
  if (node.type != TomlNode::Type::kString) {
    read_.Fail(node, "write a formula in quotes, such as \"Quantity * UnitPrice\"");
    return Expression();
  }
  auto expression = Expression::Parse(node.text, node.place, mapping_.columns);
  if (expression.ok()) return *std::move(expression);
  read_.Fail(node, expression.status().message());
  return Expression();
}

std::optional<Expression> MappingParser::OptionalFormula(const TomlNode& table,
                                                         absl::string_view key) {
  const TomlNode* node = table.Find(key);
  if (node == nullptr) return std::nullopt;
  return Formula(*node);
}

Text MappingParser::Currency(const TomlNode& table) {
  const TomlNode* node = table.Find("currency");
  if (node == nullptr) {
    read_.Fail(table, "an amount needs currency = \"EUR\" or \"{Currency}\"");
    return Text();
  }
  Text text = Template(*node);
  if (text.constant() && !IsCurrency(text.literal())) {
    read_.Fail(*node, absl::StrCat("currency must be three capital letters such as EUR, is '",
                                   text.literal(), "'"));
  }
  return text;
}

SumRule MappingParser::Sum(const TomlNode& table, bool money) {
  SumRule rule;
  if (money) {
    read_.OnlyKeys(table, "an amount", {"sum", "negate", "currency"});
    rule.currency = Currency(table);
  } else {
    read_.OnlyKeys(table, "a sum", {"sum", "negate"});
  }
  rule.negate = read_.Flag(table, "negate", false);
  if (const TomlNode* sum = table.Find("sum")) {
    rule.sum = Formula(*sum);
  } else {
    read_.Fail(table, "sum is missing, such as sum = \"Quantity * UnitPrice\"");
  }
  return rule;
}

ItemsRule MappingParser::Items(const TomlNode& table) {
  ItemsRule items;
  read_.OnlyKeys(table, "items", {"sku", "quantity", "amount", "currency"});
  const std::string sku = read_.RequiredString(table, "items", "sku");
  auto text = Text::ColumnOrText(sku, table.PlaceOf("sku"), mapping_.columns);
  if (text.ok()) {
    items.sku = *std::move(text);
  } else {
    read_.Fail(table.PlaceOf("sku"), text.status().message());
  }
  items.quantity = OptionalFormula(table, "quantity");
  items.amount = OptionalFormula(table, "amount");
  if (table.Has("currency")) items.currency = Currency(table);
  return items;
}

// Items without a currency of their own have that of the whole amount.
void MappingParser::SettleItemCurrency(const TomlNode& table, EventRule& rule) {
  const SumRule* whole = nullptr;
  for (const FieldRule& field : rule.fields) {
    if (field.name == "amount") whole = std::get_if<SumRule>(&field.value);
  }
  for (FieldRule& field : rule.fields) {
    auto* items = std::get_if<ItemsRule>(&field.value);
    if (items == nullptr || !items->amount || items->currency) continue;
    if (whole != nullptr && whole->currency) {
      items->currency = whole->currency;
    } else {
      read_.Fail(table.PlaceOf("items"), "items needs currency = \"EUR\" for its amounts");
    }
  }
}

std::vector<MeasureRule> MappingParser::Measures(const TomlNode& table) {
  std::vector<MeasureRule> measures;
  for (const TomlEntry& entry : table.entries) {
    measures.push_back({.name = entry.key, .sum = Formula(entry.value)});
    if (entry.key.empty() || entry.key.size() > kCodeBytesMax) {
      read_.Fail(entry.place, "the name of a measure has 1 to 64 bytes");
    }
  }
  // The contract wants them by name.
  std::sort(measures.begin(), measures.end(),
            [](const MeasureRule& a, const MeasureRule& b) { return a.name < b.name; });
  if (measures.empty() || measures.size() > kMeasuresMax) {
    read_.Fail(table, "measures needs 1 to 16 names with a formula each");
  }
  return measures;
}

Text MappingParser::FieldText(const TomlNode& node, const FieldDescriptor& field) {
  Text text;
  const bool is_string = field.type() == FieldDescriptor::TYPE_STRING;
  if (node.type == TomlNode::Type::kBool && !is_string) {
    text = Text::Literal(node.flag ? "true" : "false");
  } else if (node.type == TomlNode::Type::kInteger && !is_string) {
    text = Text::Literal(absl::StrCat(node.integer));
  } else {
    text = Template(node);
  }
  if (text.constant()) {
    const absl::Status good = CheckText(field, text.literal());
    if (!good.ok()) read_.Fail(node, absl::StrCat(field.name(), " ", good.message()));
  }
  return text;
}

void MappingParser::Actor(const TomlNode& table, const FieldDescriptor& field, EventRule& rule) {
  read_.OnlyKeys(table, field.name(), FieldNames(*field.message_type()));
  for (const TomlEntry& entry : table.entries) {
    const FieldDescriptor* inner = FindField(*field.message_type(), entry.key);
    if (inner == nullptr) continue;  // OnlyKeys has said so.
    rule.fields.push_back({.name = absl::StrCat(field.name(), ".", entry.key),
                           .in_envelope = true,
                           .parent = &field,
                           .field = inner,
                           .value = FieldText(entry.value, *inner)});
  }
}

void MappingParser::Plain(const TomlNode& node, FieldRule field, EventRule& rule) {
  const bool is_money = IsMoney(*field.field);
  if (IsMoment(*field.field)) {
    field.value = Moment(node);
  } else if (is_money && !node.is_table()) {
    return read_.Fail(
        node, absl::StrCat(field.name, " is an amount: { sum = \"Price\", currency = \"EUR\" }"));
  } else if (is_money || (IsInteger(*field.field) && node.Has("sum"))) {
    field.value = Sum(node, is_money);
  } else {
    field.value = FieldText(node, *field.field);
  }
  rule.fields.push_back(std::move(field));
}

void MappingParser::UnknownField(const TomlEntry& entry, const EventRule& rule) {
  std::vector<std::string> known = FieldNames(*rule.kind->prototype->GetDescriptor());
  for (const std::string& name : FieldNames(*v1::Event::descriptor())) known.push_back(name);
  read_.Fail(entry.place,
             absl::StrCat("unknown key '", entry.key, "' in [[event]]: ", rule.kind->name,
                          " has no such field", DidYouMean(entry.key, known), " (known are ",
                          absl::StrJoin(known, ", "), ")"));
}

void MappingParser::Field(const TomlEntry& entry, EventRule& rule) {
  FieldRule field;
  field.name = entry.key;
  field.field = FindField(*rule.kind->prototype->GetDescriptor(), entry.key);
  if (field.field == nullptr) {
    field.field = FindField(*v1::Event::descriptor(), entry.key);
    field.in_envelope = true;
  }
  if (field.field == nullptr) return UnknownField(entry, rule);
  const auto* message = field.field->message_type();
  if (message == nullptr || IsMoney(*field.field)) {
    return Plain(entry.value, std::move(field), rule);
  }
  if (!entry.value.is_table()) {
    return read_.Fail(entry.value, absl::StrCat(entry.key, " must be a table: { ... }"));
  }
  if (message->name() == "Actor") return Actor(entry.value, *field.field, rule);
  if (message->name() == "Measure") {
    field.value = Measures(entry.value);
  } else {
    field.value = Items(entry.value);
  }
  rule.fields.push_back(std::move(field));
}

void MappingParser::Event(const TomlNode& table) {
  EventRule rule;
  const std::string kind = read_.RequiredString(table, "[[event]]", "kind");
  rule.kind = event::FindKindByName(kind);
  if (rule.kind == nullptr) {
    std::vector<std::string> names;
    for (const event::KindInfo& info : event::AllKinds()) names.emplace_back(info.name);
    return read_.Fail(table.PlaceOf("kind"), absl::StrCat("there is no kind of event '", kind, "'",
                                                          DidYouMean(kind, names)));
  }
  rule.when = Conditions(table, "when");
  if (const TomlNode* moment = table.Find("occurred_at")) {
    rule.occurred_at = Moment(*moment);
  } else if (group_moment_) {
    rule.occurred_at = *group_moment_;
  } else {
    read_.Fail(table, "the event needs occurred_at = { column = \"...\", format = \"...\" }");
  }
  for (const TomlEntry& entry : table.entries) {
    if (entry.key == "kind" || entry.key == "when" || entry.key == "occurred_at") continue;
    Field(entry, rule);
  }
  SettleItemCurrency(table, rule);
  mapping_.events.push_back(std::move(rule));
}

}  // namespace rapport::transactions
