#include "tests/bench/rapport_bench/report.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include "engine/base/check.h"

namespace rapport::bench {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

void SetText(Struct& to, const std::string& name, const std::string& text) {
  (*to.mutable_fields())[name].set_string_value(text);
}

void SetNumbers(Struct& to, const std::string& name, const std::vector<double>& numbers) {
  auto* list = (*to.mutable_fields())[name].mutable_list_value();
  for (const double number : numbers) list->add_values()->set_number_value(number);
}

}  // namespace

std::string ReportJson(const Facts& run, const Figures& figures) {
  Struct report;
  Struct* facts = (*report.mutable_fields())["run"].mutable_struct_value();
  for (const auto& [name, text] : run) SetText(*facts, name, text);
  auto* unsteady = (*report.mutable_fields())["unsteady"].mutable_list_value();
  for (const std::string& line : figures.Unsteady()) unsteady->add_values()->set_string_value(line);
  auto* list = (*report.mutable_fields())["figures"].mutable_list_value();
  for (const Series& series : figures.series()) {
    Struct* figure = list->add_values()->mutable_struct_value();
    SetText(*figure, "workload", series.workload);
    SetText(*figure, "name", series.name);
    SetText(*figure, "unit", series.unit);
    SetText(*figure, "bound", series.bound);
    SetNumbers(*figure, "values", series.values);
    SetNumbers(*figure, "ratios", series.ratios);
  }
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(report, &json, options);
  RAPPORT_CHECK(status.ok()) << status.ToString();
  return json;
}

}  // namespace rapport::bench
