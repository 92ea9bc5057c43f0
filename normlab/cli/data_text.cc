#include "normlab/cli/data_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "normlab/data/channel_moments.h"
#include "normlab/data/locate.h"

namespace normlab {
namespace {

std::string with_separators(std::int64_t count) {
  std::string digits = std::to_string(count);
  for (auto position = std::ssize(digits) - 3; position > 0; position -= 3) {
    digits.insert(static_cast<std::size_t>(position), 1, ',');
  }
  return digits;
}

std::uint64_t download_bytes(const KnownSet& set) {
  std::uint64_t total = 0;
  for (const KnownFile& file : set.downloads) total += file.bytes;
  return total;
}

std::vector<std::int64_t> images_per_class(const ImageSet& images, std::int32_t classes) {
  std::vector<std::int64_t> counts(static_cast<std::size_t>(classes));
  for (const Label label : images.labels) ++counts[label];
  return counts;
}

std::string class_table(const Dataset& data) {
  const auto train = images_per_class(data.train, data.classes());
  const auto test = images_per_class(data.test, data.classes());
  std::size_t width = std::string_view("class").size();
  for (const std::string& name : data.class_names) width = std::max(width, name.size());
  std::string text =
      fmt::format("  {:>5}  {:<{}}  {:>8}  {:>8}\n", "label", "class", width, "train", "test");
  for (std::size_t i = 0; i < train.size(); ++i) {
    text += fmt::format("  {:>5}  {:<{}}  {:>8}  {:>8}\n", i, data.class_names[i], width,
                        with_separators(train[i]), with_separators(test[i]));
  }
  return text;
}

std::string moments_text(const Dataset& data) {
  std::string text;
  for (const Moments& channel : channel_moments(data.train, data.channels)) {
    constexpr double kWhite = 255;
    text += fmt::format("{}{:.4f} (sd {:.4f})", text.empty() ? "" : ", ", channel.mean / kWhite,
                        std::sqrt(channel.biased_variance()) / kWhite);
  }
  return text;
}

std::string_view status_text(FileStatus status) {
  switch (status) {
    case FileStatus::ok:
      return "OK";
    case FileStatus::bad:
      return "BAD";
    case FileStatus::unknown:
      break;
  }
  return "unknown";
}

}  // namespace

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::array kUnits{"B", "kB", "MB", "GB"};
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1000 && unit + 1 < kUnits.size(); ++unit) value /= 1000;
  return fmt::format("{:.{}f} {}", value, unit == 0 ? 0 : 1, kUnits[unit]);
}

std::string data_list_text() {
  constexpr auto kRow = "{:<14}  {:>9}  {:<48}  {}\n";
  std::string text = fmt::format(kRow, "name", "download", "what", "where");
  text += fmt::format(kRow, kGlyphs, "none", "synthetic: digits drawn by the program", "built in");
  for (const KnownSet& set : known_sets()) {
    const auto place = find_dataset(set.name);
    text += fmt::format(kRow, set.name, bytes_text(download_bytes(set)), set.title,
                        place && place->problem.empty() ? place->place.string() : "not here");
  }
  return text;
}

std::string data_info_text(const Dataset& data) {
  std::string text =
      fmt::format("{}{}\n", data.name, data.synthetic ? " (synthetic: drawn by the program)" : "");
  if (!data.found.empty()) text += fmt::format("  found    {}\n", data.found);
  text += fmt::format("  images   {} x {} x {}, {} train, {} test\n", data.height, data.width,
                      data.channels, with_separators(data.train.size()),
                      with_separators(data.test.size()));
  text +=
      fmt::format("  pixels   mean {} of the training images, {} = white\n", moments_text(data), 1);
  text += fmt::format("  content  SHA-256 {}\n", data.sha256);
  return text + class_table(data);
}

std::string data_verify_text(std::span<const FileCheck> checks) {
  std::string text;
  for (const FileCheck& check : checks) {
    text += fmt::format("{:<7}  {}{}\n", status_text(check.status), check.file.string(),
                        check.detail.empty() ? "  " + check.sha256 : ": " + check.detail);
  }
  return text;
}

}  // namespace normlab
