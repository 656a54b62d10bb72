// DeadlyProjection folds as another one does, and ends the process at one record.
//
// Threads: as the other one. Ownership: shares it.
#pragma once

#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/fold/projection.h"

namespace rapport::pipeline {

class DeadlyProjection : public fold::Projection {
 public:
  explicit DeadlyProjection(std::shared_ptr<const fold::Projection> inner)
      : inner_(std::move(inner)) {}

  // -1: it is mended.
  Offset deadly = -1;
  Partition partition = 0;
  // What ending the process is.
  std::function<void()> end = [] { std::abort(); };

  void Prefetch(const void* facts, int step) const override { inner_->Prefetch(facts, step); }
  void Fold(void* facts, const ValidEvent& event) const override {
    if (event.offset == deadly && event.partition == partition) end();
    inner_->Fold(facts, event);
  }

  const std::string& fold_digest() const override { return inner_->fold_digest(); }
  std::string evaluate_digest() const override { return inner_->evaluate_digest(); }
  const std::string& digest() const override { return inner_->digest(); }
  size_t size() const override { return inner_->size(); }
  size_t align() const override { return inner_->align(); }
  void Construct(void* facts) const override { inner_->Construct(facts); }
  void Destroy(void* facts) const override { inner_->Destroy(facts); }
  bool Folds(v1::Kind kind) const override { return inner_->Folds(kind); }
  void Merge(void* into, const void* from) const override { inner_->Merge(into, from); }
  void Encode(const void* facts, bool with_offsets, std::string& out) const override {
    inner_->Encode(facts, with_offsets, out);
  }
  absl::Status Decode(absl::string_view bytes, void* facts) const override {
    return inner_->Decode(bytes, facts);
  }
  size_t MemoryBytes(const void* facts) const override { return inner_->MemoryBytes(facts); }
  int64_t NewestAt(const void* facts) const override { return inner_->NewestAt(facts); }
  std::optional<Moment> ProfileOf(const void* facts) const override {
    return inner_->ProfileOf(facts);
  }
  Introduction IntroductionOf(const void* facts) const override {
    return inner_->IntroductionOf(facts);
  }
  void Evaluate(absl::string_view customer_id, const void* facts, int64_t as_of_us,
                const fold::EvaluateOptions& options, v1::Standing& standing) const override {
    inner_->Evaluate(customer_id, facts, as_of_us, options, standing);
  }
  std::unique_ptr<fold::Explainer> NewExplainer() const override { return inner_->NewExplainer(); }
  std::unique_ptr<fold::Effects> NewEffects(absl::string_view customer_id) const override {
    return inner_->NewEffects(customer_id);
  }
  void Index(absl::string_view customer_id, const void* facts, int64_t as_of_us,
             IndexRows& rows) const override {
    inner_->Index(customer_id, facts, as_of_us, rows);
  }
  absl::StatusOr<std::unique_ptr<fold::ReportRun>> Report(
      const std::vector<std::string>& names, const fold::ReportWindow& window) const override {
    return inner_->Report(names, window);
  }

 private:
  const std::shared_ptr<const fold::Projection> inner_;
};

}  // namespace rapport::pipeline
