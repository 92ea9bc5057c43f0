#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "normlab/bench/result.h"

namespace normlab::bench {

/// The result as DESIGN section 9 has it, with more keys; `environment` is a JSON object.
nlohmann::ordered_json result_json(const BenchResult& result,
                                   const nlohmann::ordered_json& environment);

}  // namespace normlab::bench
