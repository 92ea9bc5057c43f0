#include "normlab/bench/compare.h"

#include <map>

#include "normlab/base/error.h"

namespace normlab::bench {
namespace {

using Json = nlohmann::json;

struct Entry {
  std::string name;
  double seconds = 0;
  double low = 0;
  double high = 0;
};

Entry read_entry(const Json& json, std::string name) {
  return {std::move(name), json.at("seconds").get<double>(), json.at("range").at(0).get<double>(),
          json.at("range").at(1).get<double>()};
}

std::vector<Entry> read_entries(const Json& json, const std::string& name) {
  std::vector<Entry> entries;
  try {
    for (const Json& kernel : json.at("kernels")) {
      entries.push_back(
          read_entry(kernel, fmt::format("{} {}", kernel.at("name").get<std::string>(),
                                         kernel.at("shape").get<std::string>())));
    }
    for (const Json& step : json.at("steps")) {
      entries.push_back(read_entry(
          step,
          fmt::format("step {} batch={} {} norm={} precision={} threads={}",
                      step.at("model").get<std::string>(), step.at("batch").get<std::int64_t>(),
                      step.at("optimizer").get<std::string>(), step.at("norm").get<std::string>(),
                      // Outputs of before there was a choice have none.
                      step.value("precision", "float"), step.at("threads").get<int>())));
    }
  } catch (const Json::exception& error) {
    fail("{}: not an output of 'normlab bench --json' ({})", name, error.what());
  }
  return entries;
}

}  // namespace

std::vector<Change> compare(const Json& before, const std::string& before_name, const Json& after,
                            const std::string& after_name) {
  std::map<std::string, Entry> earlier;
  for (const Entry& entry : read_entries(before, before_name)) earlier[entry.name] = entry;
  std::vector<Change> changes;
  for (const Entry& now : read_entries(after, after_name)) {
    const auto found = earlier.find(now.name);
    if (found == earlier.end()) continue;
    const Entry& then = found->second;
    changes.push_back(
        {now.name, then.seconds, now.seconds, now.low > then.high, now.high < then.low});
  }
  if (changes.empty()) {
    fail("{} and {} have no kernel and no step in common", before_name, after_name);
  }
  return changes;
}

}  // namespace normlab::bench
