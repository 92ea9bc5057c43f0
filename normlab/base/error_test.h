#pragma once

#include <gmock/gmock.h>

#include "normlab/base/error.h"

namespace normlab {

/// Matches what throws a RequestError whose message holds all of `parts`.
auto throws_request(const auto&... parts) {
  return testing::Throws<RequestError>(
      testing::Property(&RequestError::what, testing::AllOf(testing::HasSubstr(parts)...)));
}

}  // namespace normlab
