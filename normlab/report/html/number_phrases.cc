#include "normlab/report/html/number_phrases.h"

#include <cctype>

#include <fmt/format.h>

#include "normlab/lab/metric_description.h"
#include "normlab/report/number_text.h"
#include "normlab/report/table_columns.h"

namespace normlab {

std::string with_interval(double value, const std::optional<Interval>& ci95, double scale,
                          int plain_decimals) {
  if (!ci95) return fixed(value * scale, plain_decimals);
  const int decimals = justified_decimals((ci95->high - ci95->low) / 2 * scale, plain_decimals);
  return fmt::format("{} [{}, {}]", fixed(value * scale, decimals),
                     fixed(ci95->low * scale, decimals), fixed(ci95->high * scale, decimals));
}

MetricPhrase phrase(Metric metric) {
  const MetricDescription& d = describe(metric);
  return {d.noun, d.display.scale, std::string(d.display.unit),
          std::string(d.display.difference_unit), d.display.decimals};
}

std::string mean_text(const MetricSummary& summary, Metric metric) {
  if (!summary.mean) return kNoValue;
  const MetricPhrase words = phrase(metric);
  if (!summary.ci95) return fixed(*summary.mean * words.scale, words.plain_decimals) + words.unit;
  const int decimals = justified_decimals(
      (summary.ci95->high - summary.ci95->low) / 2 * words.scale, words.plain_decimals);
  return fmt::format("{}{} [{}, {}]", fixed(*summary.mean * words.scale, decimals), words.unit,
                     fixed(summary.ci95->low * words.scale, decimals),
                     fixed(summary.ci95->high * words.scale, decimals));
}

std::string capitalized(std::string text) {
  const bool setting = text.substr(0, text.find(' ')).find('=') != std::string::npos;
  if (text.empty() || setting) return text;
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

std::string counted(std::size_t count, const std::string& noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace normlab
