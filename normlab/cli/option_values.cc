#include "normlab/cli/option_values.h"

#include <fmt/format.h>

#include "normlab/base/error.h"
#include "normlab/base/parse_number.h"

namespace normlab {
namespace {

[[noreturn]] void fail_expecting(const std::string& name, const std::string& text,
                                 const std::string& expected) {
  fail("{} {}: expected {}{}", name, text, expected,
       has_leading_zero(text) ? "; " + leading_zero_advice(text) : "");
}

}  // namespace

std::int64_t option_whole(const std::string& name, const std::string& text, WholeRange range) {
  const auto value = parse_whole(text);
  if (!value || !range.contains(*value)) fail_expecting(name, text, range.describe());
  return *value;
}

double option_number(const std::string& name, const std::string& text, NumberRange range) {
  const auto value = parse_number(text);
  if (!value || !range.contains(*value)) fail_expecting(name, text, range.describe());
  return *value;
}

}  // namespace normlab
