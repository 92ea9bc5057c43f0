#include "normlab/report/html/dot_layers.h"

#include <algorithm>
#include <utility>

#include "normlab/report/html/vega.h"

namespace normlab {
namespace {

Json kept_layer(const DotFields& fields, const std::string& dataset, Json mark, Json encoding) {
  Json made = layer(dataset, std::move(mark), std::move(encoding));
  if (!fields.keep.empty()) made["transform"] = keep_where(fields.keep);
  return made;
}

}  // namespace

std::vector<Json> dot_layers(const DotFields& fields, const Json& colour) {
  const auto encoding = [&](const std::string& x) {
    return Json{{"x", quantity(x, fields.title, fields.format)},
                {"y", words(fields.y, "", fields.order)},
                {"color", colour}};
  };
  const auto number = [&](const std::string& field, const std::string& title) {
    return hint(field, title, fields.hint_format);
  };
  Json dots = encoding(fields.value);
  dots["tooltip"] = {hint("seed", "seed"), number(fields.value, fields.title)};
  Json range = encoding(fields.low);
  range["x2"] = end_at(fields.high);
  Json means = encoding(fields.value);
  means["tooltip"] = {hint(fields.y, fields.y), number(fields.value, fields.title),
                      number(fields.low, "95 % interval from"), number(fields.high, "to"),
                      hint("n", fields.counted)};
  return {
      kept_layer(fields, fields.dots,
                 {{"type", "point"}, {"opacity", 0.5}, {"size", 40}, {"filled", true}},
                 std::move(dots)),
      kept_layer(fields, fields.means, {{"type", "rule"}, {"strokeWidth", 3}}, std::move(range)),
      kept_layer(fields, fields.means,
                 {{"type", "point"}, {"shape", "diamond"}, {"size", 160}, {"filled", true}},
                 std::move(means))};
}

int height_of_lines(std::size_t lines) {
  return std::max(80, 36 * static_cast<int>(lines) + 40);
}

}  // namespace normlab
