#include "normlab/report/html/blocks.h"

#include <utility>

namespace normlab {
namespace {

std::string_view word(Verdict verdict) {
  switch (verdict) {
    case Verdict::in_favour:
      return "for";
    case Verdict::against:
      return "against";
    case Verdict::open:
      return "open";
    case Verdict::limit:
      return "limit";
    case Verdict::fact:
      break;
  }
  return "fact";
}

}  // namespace

Json text_block(std::string text) {
  return {{"kind", "text"}, {"text", std::move(text)}};
}

Json findings_json(std::span<const Finding> findings) {
  Json list = Json::array();
  for (const Finding& finding : findings) {
    list.push_back({{"text", finding.text}, {"verdict", word(finding.verdict)}});
  }
  return list;
}

Json findings_block(std::span<const Finding> findings) {
  return {{"kind", "statements"}, {"items", findings_json(findings)}};
}

Json table_block(const TableText& table) {
  Json block = {{"kind", "table"},
                {"title", table.title},
                {"columns", Json::array()},
                {"rows", table.rows},
                {"notes", table.notes}};
  for (const TableColumnText& column : table.columns) {
    block["columns"].push_back({{"title", column.title}, {"numeric", column.numeric}});
  }
  if (table.folded) block["folded"] = true;
  return block;
}

Json chart_block(const Chart& chart) {
  Json block = {{"kind", "chart"},           {"id", chart.id},           {"title", chart.title},
                {"caption", chart.caption},  {"summary", chart.summary}, {"spec", chart.spec},
                {"datasets", chart.datasets}};
  if (!chart.controls.is_null()) block["controls"] = chart.controls;
  return block;
}

Json settings_block() {
  return {{"kind", "settings"}, {"differ", Json::array()}, {"same", Json::array()}};
}

Json command_block(std::string title, std::string text) {
  return {{"kind", "command"}, {"title", std::move(title)}, {"text", std::move(text)}};
}

Json section(std::string id, std::string title, std::vector<Json> blocks) {
  return {{"id", std::move(id)}, {"title", std::move(title)}, {"blocks", std::move(blocks)}};
}

Json download(std::string file, std::string media_type, std::string text) {
  return {
      {"file", std::move(file)}, {"media_type", std::move(media_type)}, {"text", std::move(text)}};
}

}  // namespace normlab
