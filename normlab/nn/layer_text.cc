#include "normlab/nn/layer_text.h"

#include <optional>
#include <sstream>

#include "normlab/base/error.h"
#include "normlab/base/parse_number.h"

namespace normlab {

LayerText::LayerText(std::string_view text) {
  std::istringstream stream{std::string(text)};
  for (std::string word; stream >> word;) {
    text_ += (text_.empty() ? "" : " ") + word;
    words_.push_back(word);
  }
}

std::string_view LayerText::next() const {
  return position_ < words_.size() ? std::string_view(words_[position_]) : std::string_view();
}

void LayerText::fail_expecting(std::string_view expected) const {
  if (next().empty()) fail("layer '{}': expected {} at the end", text_, expected);
  fail("layer '{}': expected {}, got '{}'{}", text_, expected, next(),
       has_leading_zero(next()) ? "; " + leading_zero_advice(next()) : "");
}

std::int64_t LayerText::integer(std::string_view what, std::int64_t low, std::int64_t high) {
  const auto value = parse_whole(next());
  if (!value || *value < low || *value > high) {
    fail_expecting(fmt::format("{} from {} to {}", what, low, high));
  }
  ++position_;
  return *value;
}

double LayerText::number(std::string_view what, double low, double high) {
  const auto value = parse_number(next());
  if (!value || !(*value >= low && *value < high)) {
    fail_expecting(fmt::format("{} from {} to below {}", what, low, high));
  }
  ++position_;
  return *value;
}

std::int64_t LayerText::kernel(std::int64_t high) {
  const std::string_view word = next();
  const std::size_t cross = word.find('x');
  const auto height = parse_whole(word.substr(0, cross));
  const auto width = cross == std::string_view::npos ? height : parse_whole(word.substr(cross + 1));
  if (!height || height != width || *height < 1 || *height > high) {
    fail_expecting(fmt::format("a square kernel from 1x1 to {}x{}", high, high));
  }
  ++position_;
  return *height;
}

bool LayerText::bias() {
  if (!take("bias")) return true;
  if (take("off")) return false;
  if (!take("on")) fail_expecting("'off' or 'on' behind 'bias'");
  return true;
}

bool LayerText::take(std::string_view word) {
  if (next() != word) return false;
  ++position_;
  return true;
}

void LayerText::end() const {
  if (!next().empty()) fail("layer '{}': '{}' is one word too many", text_, next());
}

}  // namespace normlab
