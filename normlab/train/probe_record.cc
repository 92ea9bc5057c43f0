#include "normlab/train/probe_record.h"

#include <algorithm>
#include <utility>

namespace normlab {
namespace {

bool have_same_layers(const ProbedLayers& a, const ProbedLayers& b) {
  return std::ranges::equal(a, b, [](const auto& of_a, const auto& of_b) {
    return of_a.first == of_b.first && std::ranges::equal(of_a.second, of_b.second, {},
                                                          &ProbedLayer::layer, &ProbedLayer::layer);
  });
}

}  // namespace

void add(ProbeRecord& record, ProbeStep step) {
  if (!have_same_layers(record.quantities, step.quantities)) {
    record.steps = {step.step};
    record.quantities = std::move(step.quantities);
    record.times.clear();
    return;
  }
  record.steps.push_back(step.step);
  for (auto& [name, layers] : record.quantities) {
    const std::vector<ProbedLayer>& added = step.quantities.at(name);
    for (std::size_t i = 0; i < layers.size(); ++i)
      layers[i].values.push_back(added[i].values.front());
  }
}

std::span<const ProbedLayer> layers_of(const ProbeRecord& record, std::string_view quantity) {
  const auto found = record.quantities.find(quantity);
  if (found == record.quantities.end()) return {};
  return found->second;
}

}  // namespace normlab
