#include "normlab/report/html/binning.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "normlab/base/moments.h"
#include "normlab/lab/statistics_interval.h"

namespace normlab {

Estimate estimate(std::span<const double> values, const Domain& domain) {
  return {moments_of(values).mean, mean_interval(values, domain)};
}

std::vector<std::size_t> bin_ends(std::size_t count, std::size_t bins) {
  std::vector<std::size_t> ends;
  if (count <= bins) {
    ends.resize(count + 1);
    std::iota(ends.begin(), ends.end(), std::size_t{0});
    return ends;
  }
  const std::size_t half = bins / 2;
  const auto total = static_cast<double>(count);
  for (std::size_t i = 0; i <= half; ++i) ends.push_back(i * count / half);
  for (std::size_t i = 1; i < half; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(half);
    ends.push_back(static_cast<std::size_t>(std::pow(total, share)));
  }
  std::ranges::sort(ends);
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  return ends;
}

std::vector<SeriesBin> bin_series(std::span<const std::span<const float>> series, std::size_t bins,
                                  const Domain& domain) {
  std::vector<SeriesBin> curve;
  if (series.empty() || series[0].empty()) return curve;
  const std::vector<std::size_t> ends = bin_ends(series[0].size(), bins);
  std::vector<double> means;
  for (std::size_t b = 0; b + 1 < ends.size(); ++b) {
    means.clear();
    for (const std::span<const float> values : series) {
      const auto bin = values.subspan(ends[b], ends[b + 1] - ends[b]);
      const double sum = std::accumulate(bin.begin(), bin.end(), 0.0);
      means.push_back(sum / static_cast<double>(bin.size()));
    }
    const bool all = std::ranges::all_of(means, [](double mean) { return std::isfinite(mean); });
    if (all) curve.push_back({ends[b], ends[b + 1], estimate(means, domain)});
  }
  return curve;
}

}  // namespace normlab
