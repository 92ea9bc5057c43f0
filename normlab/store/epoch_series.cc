#include "normlab/store/epoch_series.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <map>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

#include "normlab/base/error.h"

namespace normlab {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kSteps = "steps";
constexpr std::string_view kSeconds = "seconds";
constexpr std::string_view kTrain = "train_";
constexpr std::string_view kValidation = "validation_";

/// An empty text stands for an epoch in which a quantity was not measured, when it was in others.
constexpr std::string_view kNotMeasured = R"("")";

constexpr std::string_view kNotFinite = "null";
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

[[noreturn]] void fail_damaged(std::string_view name, std::string_view text) {
  fail<Error>("damaged numbers of {}: '{}' is not a list of numbers", name, text.substr(0, 40));
}

double number_from(std::string_view text, std::string_view name) {
  if (text == kNotFinite) return kNaN;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) fail_damaged(name, text);
  return number;
}

/// The items of a JSON list of numbers, null and empty texts, as they are written. By hand: these
/// are most of what a report of a large study reads, and three times as fast as by a JSON reader.
std::vector<std::string_view> items_of(std::string_view list, std::string_view name) {
  std::vector<std::string_view> items;
  if (list.size() < 3 || list.front() != '[' || list.back() != ']') fail_damaged(name, list);
  for (std::size_t begin = 1; begin < list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size() - 1);
    items.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return items;
}

/// Where the number of a quantity stands in the record of an epoch; null where it has no place.
double* place_of(EpochRecord& epoch, std::string_view name) {
  if (name == kSeconds) return &epoch.seconds;
  if (name.starts_with(kTrain)) return &epoch.train[std::string(name.substr(kTrain.size()))];
  if (name.starts_with(kValidation))
    return &epoch.validation[std::string(name.substr(kValidation.size()))];
  return nullptr;
}

}  // namespace

void insert_epochs(Database& database, const std::string& trial,
                   const std::vector<EpochRecord>& epochs) {
  std::map<std::string, std::vector<Json>> series;
  for (std::size_t i = 0; i < epochs.size(); ++i) {
    const auto add = [&](std::string_view prefix, std::string_view name, Json number) {
      const auto [found, added] =
          series.try_emplace(std::string(prefix).append(name), epochs.size(), Json::string_t());
      found->second[i] = std::move(number);
    };
    add("", kSteps, epochs[i].steps);
    add("", kSeconds, epochs[i].seconds);
    for (const auto& [name, number] : epochs[i].train) add(kTrain, name, number);
    for (const auto& [name, number] : epochs[i].validation) add(kValidation, name, number);
  }
  Statement statement =
      database.prepare("INSERT INTO epoch_series (trial, name, numbers) VALUES (?, ?, ?)");
  for (const auto& [name, numbers] : series)
    statement.bind(trial).bind(name).bind(Json(numbers).dump()).run();
}

void take_series(std::vector<EpochRecord>& epochs, std::string_view name,
                 const std::string& numbers) {
  const std::vector<std::string_view> items = items_of(numbers, name);
  epochs.reserve(items.size());
  while (epochs.size() < items.size()) {
    const std::int64_t epoch = std::ssize(epochs) + 1;
    epochs.emplace_back().epoch = epoch;
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i] == kNotMeasured) continue;
    const double number = number_from(items[i], name);
    if (name == kSteps) {
      epochs[i].steps = static_cast<std::int64_t>(number);
    } else if (double* place = place_of(epochs[i], name)) {
      *place = number;
    }
  }
}

std::string evaluation_to_json(const Evaluation& evaluation) {
  return Json(evaluation).dump();
}

Evaluation evaluation_from_json(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    Evaluation evaluation;
    for (const auto& [name, number] : json.items())
      evaluation.emplace(name, number.is_null() ? kNaN : number.get<double>());
    return evaluation;
  } catch (const Json::exception& error) {
    fail<Error>("damaged numbers of a test: {}", error.what());
  }
}

}  // namespace normlab
