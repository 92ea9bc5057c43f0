#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "normlab/base/error.h"

namespace normlab {

/// Documents of records as CBOR (RFC 8949), which keeps every bit of a number and what is not
/// finite.
inline std::vector<std::byte> cbor_from(const nlohmann::json& json) {
  const std::vector<std::uint8_t> bytes = nlohmann::json::to_cbor(json);
  const auto* begin = reinterpret_cast<const std::byte*>(bytes.data());
  return {begin, begin + bytes.size()};
}

/// What `read` makes of the document. Throws Error when it is none, or not what `read` expects.
template <class Read>
auto read_cbor(std::span<const std::byte> document, std::string_view what, Read&& read) {
  try {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(document.data());
    return read(nlohmann::json::from_cbor(bytes, bytes + document.size()));
  } catch (const nlohmann::json::exception& error) {
    fail<Error>("damaged record of {}: {}", what, error.what());
  }
}

}  // namespace normlab
