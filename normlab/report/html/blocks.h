#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "normlab/report/html/finding.h"
#include "normlab/report/html/json_value.h"

/// The parts of the report's document (web/src/document.ts) as JSON.
namespace normlab {

/// A picture: a Vega-Lite specification and what is said of it.
struct Chart {
  std::string id;
  std::string title;
  std::string caption;  ///< what to look at
  std::string summary;  ///< the main numbers, for those who do not see the picture
  Json spec;
  std::vector<std::string> datasets;  ///< names that the specification uses
  Json controls;                      ///< null: none
};

struct TableColumnText {
  std::string title;
  bool numeric = true;
};

struct TableText {
  std::string title;
  std::vector<TableColumnText> columns;
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> notes;
  bool folded = false;
};

Json text_block(std::string text);
Json findings_block(std::span<const Finding> findings);
Json table_block(const TableText& table);
Json chart_block(const Chart& chart);
/// Without settings yet: `differ` and `same` are empty lists.
Json settings_block();
Json command_block(std::string title, std::string text);
Json findings_json(std::span<const Finding> findings);
Json section(std::string id, std::string title, std::vector<Json> blocks);
Json download(std::string file, std::string media_type, std::string text);

}  // namespace normlab
