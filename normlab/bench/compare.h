#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace normlab::bench {

/// One kernel or step that two results have in common.
struct Change {
  std::string name;
  double before = 0;  ///< seconds, medians
  double after = 0;
  bool slower = false;  ///< the ranges do not meet
  bool faster = false;
};

/// What two outputs of `normlab bench --json` have in common, compared by their ranges (5 to 95 %):
/// only where these do not meet is there a difference. Throws RequestError when one of them is not
/// such an output; `before_name` and `after_name` are what messages call them.
std::vector<Change> compare(const nlohmann::json& before, const std::string& before_name,
                            const nlohmann::json& after, const std::string& after_name);

}  // namespace normlab::bench
