#pragma once

#include <span>
#include <string>
#include <vector>

#include "normlab/lab/data_facts.h"

namespace normlab {

/// The facts of a study's data sets as a JSON list, and back.
std::string data_to_json(std::span<const DataFacts> data);
std::vector<DataFacts> data_from_json(const std::string& text);

/// A JSON list of texts, and back.
std::string texts_to_json(std::span<const std::string> texts);
std::vector<std::string> texts_from_json(const std::string& text);

}  // namespace normlab
