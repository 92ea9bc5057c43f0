#include "normlab/train/step_times.h"

#include <algorithm>

namespace normlab {

void StepTimes::reset() {
  gather = loss = optimizer = 0;
  layers.reset();
}

std::vector<KindTime> by_kind(const StepTimes& times, const Network& network) {
  std::vector<KindTime> kinds = {{"gather", times.gather}};
  for (std::size_t i = 0; i < network.layers().size(); ++i) {
    const std::string& kind = network.layers()[i].kind;
    auto place = std::ranges::find(kinds, kind, &KindTime::kind);
    if (place == kinds.end()) place = kinds.insert(place, {kind, 0});
    place->seconds +=
        times.layers.seconds(i, Way::forward) + times.layers.seconds(i, Way::backward);
  }
  kinds.push_back({"loss", times.loss});
  kinds.push_back({"optimizer", times.optimizer + times.layers.sink_seconds()});
  return kinds;
}

}  // namespace normlab
