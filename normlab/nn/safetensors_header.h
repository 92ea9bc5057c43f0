#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// The JSON header of a safetensors file. Private to safetensors.cc.
namespace normlab::safetensors {

/// What the header says of one tensor; `first` and `last` count bytes from the end of the header.
/// Not checked against each other or the file.
struct Entry {
  std::string name;
  std::string dtype;
  std::vector<std::uint64_t> shape;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

struct Header {
  std::vector<Entry> entries;  ///< in the order of the text
  std::map<std::string, std::string> metadata;
};

/// Reads exactly the format's JSON: an object of tensors, each with dtype, shape and data_offsets
/// and nothing else, and at most one __metadata__ of strings. Throws RequestError starting with
/// `origin`.
Header parse_header(std::string_view text, std::string_view origin);

/// The JSON text of `header`, metadata first. Throws RequestError when a string is not UTF-8.
std::string format_header(const Header& header);

}  // namespace normlab::safetensors
