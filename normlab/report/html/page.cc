#include "normlab/report/html/page.h"

#include <cstddef>
#include <map>
#include <utility>

#include "normlab/base/error.h"
#include "normlab/report/page_template.h"

namespace normlab {
namespace {

constexpr std::string_view kLineSeparator = "\xE2\x80\xA8";
constexpr std::string_view kParagraphSeparator = "\xE2\x80\xA9";

/// Rows as lists of values under one list of fields.
Json packed(const Json& rows) {
  Json made = {{"fields", Json::array()}, {"rows", Json::array()}};
  std::map<std::string, std::size_t> places;
  for (const Json& row : rows) {
    for (const auto& [field, value] : row.items()) {
      if (places.emplace(field, places.size()).second) made["fields"].push_back(field);
    }
  }
  for (const Json& row : rows) {
    Json values = Json::array_t(places.size());
    for (const auto& [field, value] : row.items()) values[places.at(field)] = value;
    made["rows"].push_back(std::move(values));
  }
  return made;
}

/// JSON text that may stand in a <script> element. `<` occurs in strings alone.
std::string script_text(const Json& document) {
  const std::string json = document.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string text;
  text.reserve(json.size() + json.size() / 64);
  for (std::size_t i = 0; i < json.size(); ++i) {
    const std::string_view next = std::string_view(json).substr(i, kLineSeparator.size());
    if (json[i] == '<') {
      text += "\\u003c";
    } else if (next == kLineSeparator || next == kParagraphSeparator) {
      text += next == kLineSeparator ? "\\u2028" : "\\u2029";
      i += next.size() - 1;
    } else {
      text += json[i];
    }
  }
  return text;
}

}  // namespace

std::string html_report(const Json& document, std::string_view page_template) {
  const std::size_t place = page_template.find(kReportPlaceholder);
  if (place == std::string_view::npos ||
      page_template.find(kReportPlaceholder, place + kReportPlaceholder.size()) !=
          std::string_view::npos) {
    fail<Error>("the report page has not exactly one place for the report");
  }
  std::string page(page_template.substr(0, place));
  Json written = document;
  if (written.contains("datasets")) {
    for (Json& rows : written["datasets"]) rows = packed(rows);
  }
  page += script_text(written);
  page += page_template.substr(place + kReportPlaceholder.size());
  return page;
}

}  // namespace normlab
