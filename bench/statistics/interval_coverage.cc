// How often intervals of a mean cover it, and how long they are, in samples like those of a network's
// seeds. Prints CSV: population,n,method,coverage,too_low,too_high,length,seen
//
//     interval_coverage SAMPLES [CANDIDATE_SAMPLES]
//
// The laboratory's interval and Student's on SAMPLES samples of 2 to 40 values, all candidates on
// CANDIDATE_SAMPLES of 10, 20 and 40. `too_low`: shares of intervals that lie wholly below the mean.
// `length`: in the unit of Student's, cut to the range as all are; the mean over samples, of medians
// where the range has no bounds. `seen`: the share of samples that show both sides of the mean.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "candidates.h"

#include "normlab/lab/statistics_populations.h"

namespace normlab {
namespace {

struct Tally {
  std::size_t too_low = 0;
  std::size_t too_high = 0;
  std::vector<double> lengths;

  void add(const Interval& interval, const Population& population) {
    const Interval& range = population.domain.range;
    const double low = std::clamp(interval.low, range.low, range.high);
    const double high = std::clamp(interval.high, range.low, range.high);
    too_low += high < population.mean ? 1 : 0;
    too_high += low > population.mean ? 1 : 0;
    lengths.push_back(high - low);
  }

  double length(bool bounded) {
    if (!bounded) {
      const auto middle = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 2);
      std::ranges::nth_element(lengths, middle);
      return *middle;
    }
    double sum = 0;
    for (const double length : lengths) sum += length;
    return sum / static_cast<double>(lengths.size());
  }
};

bool is_bounded(const Domain& domain) {
  return domain.range.high - domain.range.low < 3;
}

/// Prints the rows of `methods` from number `first` on; those before are what lengths refer to.
void simulate(const Population& population, std::size_t n, std::size_t samples,
              std::vector<Candidate> methods, std::size_t first = 0) {
  const bool bounded = is_bounded(population.domain);
  if (!bounded) std::erase_if(methods, [](const Candidate& method) { return method.needs_bounds; });
  std::vector<Tally> tallies(methods.size());
  std::vector<double> values(n);
  for (std::size_t sample = 0; sample < samples; ++sample) {
    Philox random(1000 + n, Purpose::test, sample);
    for (double& value : values) value = population.draw(random);
    for (std::size_t i = 0; i < methods.size(); ++i) {
      tallies[i].add(methods[i].interval(values, population.domain), population);
    }
  }
  const double student = tallies[1].length(bounded);
  const auto total = static_cast<double>(samples);
  for (std::size_t i = first; i < methods.size(); ++i) {
    const double low = static_cast<double>(tallies[i].too_low) / total;
    const double high = static_cast<double>(tallies[i].too_high) / total;
    std::printf("\"%s\",%zu,\"%s\",%.4f,%.4f,%.4f,%.3f,%.4f\n", population.name.c_str(), n,
                methods[i].name, 1 - low - high, low, high, tallies[i].length(bounded) / student,
                1 - population.unseen(static_cast<double>(n)));
  }
  std::fflush(stdout);
}

void run(std::size_t samples, std::size_t candidate_samples) {
  std::vector<Population> populations = smooth_populations();
  for (const auto& more : {collapsing_arms(), collapsing_pairs()}) {
    populations.insert(populations.end(), more.begin(), more.end());
  }
  std::printf("population,n,method,coverage,too_low,too_high,length,seen\n");
  const std::vector<Candidate> all = candidates();
  for (const Population& population : populations) {
    for (const std::size_t n : {2U, 3U, 4U, 5U, 6U, 8U, 10U, 12U, 15U, 20U, 25U, 30U, 40U}) {
      const bool compared = candidate_samples > 0 && (n == 10 || n == 20 || n == 40);
      simulate(population, n, samples, {all[0], all[1]});
      if (compared) simulate(population, n, candidate_samples, all, 2);
    }
  }
}

}  // namespace
}  // namespace normlab

int main(int count, char** words) {
  const auto number = [&](int place) {
    return place < count ? std::strtoul(words[place], nullptr, 10) : 0;
  };
  if (number(1) == 0) {
    std::fputs("usage: interval_coverage SAMPLES [CANDIDATE_SAMPLES]\n", stderr);
    return 2;
  }
  normlab::run(number(1), number(2));
}
