#pragma once

#include <cstdint>
#include <string>

namespace normlab {

/// What a report says of a data set.
struct DataFacts {
  std::string name;
  std::string sha256;           ///< Dataset::sha256
  bool synthetic = false;       ///< drawn by this program: every report says so
  std::int64_t train = 0;       ///< examples trained on, after the split
  std::int64_t validation = 0;  ///< examples held out
  std::int64_t test = 0;
};

}  // namespace normlab
