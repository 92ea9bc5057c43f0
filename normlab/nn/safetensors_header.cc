#include "normlab/nn/safetensors_header.h"

#include <cstddef>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "normlab/base/error.h"

namespace normlab::safetensors {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kMetadata = "__metadata__";

/// Takes the JSON event by event and stops at the first that the format does not have, so that
/// neither depth nor repetition in a hostile file costs memory, and duplicate names are seen.
class HeaderReader : public nlohmann::json_sax<Json> {
 public:
  const std::string& problem() const { return problem_; }
  Header take() { return std::move(header_); }

  bool start_object(std::size_t) override {
    if (depth_ == 0) return enter();
    if (depth_ != 1) return unexpected("an object");
    if (in_metadata()) return enter();
    header_.entries.push_back({.name = name_, .dtype = {}, .shape = {}});
    offsets_.clear();
    return enter();
  }

  bool end_object() override {
    --depth_;
    if (depth_ != 1 || in_metadata()) return true;
    if (fields_.size() != 3) {
      return refuse(fmt::format("tensor '{}' needs all of dtype, shape and data_offsets", name_));
    }
    if (offsets_.size() != 2) {
      return refuse(fmt::format("data_offsets of tensor '{}' must be two numbers", name_));
    }
    header_.entries.back().first = offsets_[0];
    header_.entries.back().last = offsets_[1];
    return true;
  }

  bool key(string_t& key) override {
    if (depth_ == 1) {
      name_ = key;
      fields_.clear();
      return names_.insert(key).second || refuse(fmt::format("'{}' is there twice", key));
    }
    field_ = key;
    if (!fields_.insert(key).second) {
      return refuse(fmt::format("'{}' of '{}' is there twice", key, name_));
    }
    if (in_metadata() || key == "dtype" || key == "shape" || key == "data_offsets") return true;
    return refuse(fmt::format("tensor '{}' has an unknown field '{}'", name_, key));
  }

  bool string(string_t& value) override {
    if (depth_ != 2 || !(in_metadata() || field_ == "dtype")) return unexpected("a string");
    (in_metadata() ? header_.metadata[field_] : header_.entries.back().dtype) = value;
    return true;
  }

  bool start_array(std::size_t) override {
    if (depth_ != 2 || in_metadata() || field_ == "dtype") return unexpected("an array");
    return enter();
  }

  bool end_array() override {
    --depth_;
    return true;
  }

  bool number_unsigned(number_unsigned_t value) override {
    if (depth_ != 3) return unexpected("a number");
    (field_ == "shape" ? header_.entries.back().shape : offsets_).push_back(value);
    return true;
  }

  bool number_integer(number_integer_t) override { return unexpected("a negative number"); }
  bool number_float(number_float_t, const string_t&) override {
    return unexpected("a number that is not whole or too large");
  }
  bool null() override { return unexpected("null"); }
  bool boolean(bool) override { return unexpected("a truth value"); }
  bool binary(binary_t&) override { return unexpected("binary data"); }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    return refuse(fmt::format("not valid JSON at byte {}", position));
  }

 private:
  bool in_metadata() const { return name_ == kMetadata; }

  bool enter() {
    ++depth_;
    return true;
  }

  bool unexpected(std::string_view what) {
    const std::string place = depth_ == 0   ? std::string("the whole")
                              : depth_ == 1 ? fmt::format("'{}'", name_)
                                            : fmt::format("'{}' of '{}'", field_, name_);
    return refuse(fmt::format("{} may not be {}", place, what));
  }

  bool refuse(std::string problem) {
    problem_ = std::move(problem);
    return false;
  }

  Header header_;
  std::string problem_;
  int depth_ = 0;      ///< 1 among names, 2 among a tensor's fields, 3 in an array
  std::string name_;   ///< at depth 1
  std::string field_;  ///< at depth 2
  std::set<std::string> names_;
  std::set<std::string> fields_;  ///< of the tensor at hand
  std::vector<std::uint64_t> offsets_;
};

std::string json_string(std::string_view text) {
  try {
    return Json(text).dump();
  } catch (const Json::exception&) {
    fail("a name or text for a safetensors file is not UTF-8: {:?}", text);
  }
}

}  // namespace

Header parse_header(std::string_view text, std::string_view origin) {
  if (!text.starts_with('{')) fail("{}: the header does not start with '{{'", origin);
  HeaderReader reader;
  if (!Json::sax_parse(text, &reader)) fail("{}: header: {}", origin, reader.problem());
  return reader.take();
}

std::string format_header(const Header& header) {
  std::string text = "{";
  const auto separate = [&text] {
    if (text.back() != '{') text += ',';
  };
  if (!header.metadata.empty()) {
    text += fmt::format("{}:{{", json_string(kMetadata));
    for (const auto& [key, value] : header.metadata) {
      separate();
      text += fmt::format("{}:{}", json_string(key), json_string(value));
    }
    text += '}';
  }
  for (const Entry& entry : header.entries) {
    separate();
    text += fmt::format(R"({}:{{"dtype":{},"shape":[{}],"data_offsets":[{},{}]}})",
                        json_string(entry.name), json_string(entry.dtype),
                        fmt::join(entry.shape, ","), entry.first, entry.last);
  }
  return text + '}';
}

}  // namespace normlab::safetensors
