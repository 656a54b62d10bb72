#include "tests/bench/rapport_bench/figures.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/base/check.h"

namespace rapport::bench {
namespace {

constexpr double kSteady = 1.25;

double Least(const std::vector<double>& values) {
  return *std::min_element(values.begin(), values.end());
}
double Greatest(const std::vector<double>& values) {
  return *std::max_element(values.begin(), values.end());
}

// `1,234,567`.
std::string Grouped(double value) {
  std::string digits = absl::StrFormat("%.0f", value);
  for (int place = static_cast<int>(digits.size()) - 3; place > 0; place -= 3) {
    digits.insert(static_cast<size_t>(place), ",");
  }
  return digits;
}

}  // namespace

double Median(std::vector<double> values) {
  RAPPORT_CHECK(!values.empty());
  std::sort(values.begin(), values.end());
  const size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

Series& Figures::Of(absl::string_view workload, absl::string_view name, absl::string_view unit) {
  for (Series& series : series_) {
    if (series.workload == workload && series.name == name) return series;
  }
  Series fresh;
  fresh.workload = std::string(workload);
  fresh.name = std::string(name);
  fresh.unit = std::string(unit);
  series_.push_back(std::move(fresh));
  return series_.back();
}

void Figures::Add(absl::string_view workload, absl::string_view name, absl::string_view unit,
                  double value) {
  Of(workload, name, unit).values.push_back(value);
}

void Figures::AddRatio(absl::string_view workload, absl::string_view name, absl::string_view bound,
                       double value) {
  const Series& to = Of(workload, bound, "events/s");
  RAPPORT_CHECK(!to.values.empty()) << bound << " was not measured before " << name;
  const double ratio = value / to.values.back();
  Series& series = Of(workload, name, "events/s");
  series.bound = std::string(bound);
  series.values.push_back(value);
  series.ratios.push_back(ratio);
}

std::string Figures::Table() const {
  std::string out = absl::StrFormat("%-14s %-58s %12s %12s %12s  %s\n", "workload", "figure",
                                    "median", "min", "max", "ratio");
  for (const Series& series : series_) {
    absl::StrAppend(&out,
                    absl::StrFormat("%-14s %-58s %12s %12s %12s", series.workload,
                                    absl::StrCat(series.name, ", ", series.unit),
                                    Grouped(Median(series.values)), Grouped(Least(series.values)),
                                    Grouped(Greatest(series.values))));
    if (!series.ratios.empty()) {
      absl::StrAppend(&out,
                      absl::StrFormat("  %.2f (%.2f to %.2f) of %s", Median(series.ratios),
                                      Least(series.ratios), Greatest(series.ratios), series.bound));
    }
    out += "\n";
  }
  return out;
}

std::vector<std::string> Figures::Unsteady() const {
  std::set<std::pair<std::string, std::string>> bounds;
  for (const Series& series : series_) bounds.emplace(series.workload, series.bound);
  std::vector<std::string> out;
  for (const Series& series : series_) {
    if (!bounds.contains({series.workload, series.name})) continue;
    const double moved = Greatest(series.values) / Least(series.values);
    if (moved <= kSteady) continue;
    out.push_back(absl::StrFormat("no verdict: %s of %s moved by %.0f %% between rounds",
                                  series.name, series.workload, (moved - 1) * 100));
  }
  return out;
}

}  // namespace rapport::bench
