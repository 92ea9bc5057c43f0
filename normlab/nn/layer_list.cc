#include "normlab/nn/layer_list.h"

#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

#include "normlab/base/error.h"
#include "normlab/base/trim.h"
#include "normlab/nn/foreign_layers.h"

namespace normlab {
namespace {

constexpr std::size_t kMaxLayers = 10'000;
constexpr int kMaxDepth = 16;

/// "3 x" or "3x": how often the list in parentheses behind it is meant.
std::optional<std::int64_t> parse_repeats(std::string_view word) {
  if (!word.ends_with('x')) return std::nullopt;
  word = trim(word.substr(0, word.size() - 1));
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), count);
  if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return count;
}

class Parser {
 public:
  Parser(std::string_view text, std::string_view origin) : text_(text), origin_(origin) {}

  LayerList parse() {
    LayerList layers = list(0);
    if (place_ < text_.size()) {
      fail("{}: '{}' without an opening parenthesis before it, at '{}'", origin_, text_[place_],
           rest(place_));
    }
    return layers;
  }

 private:
  LayerList list(int depth) {
    if (depth > kMaxDepth) fail("{}: blocks are nested deeper than {}", origin_, kMaxDepth);
    LayerList layers;
    while (true) {
      entry(layers, depth);
      if (place_ == text_.size() || text_[place_] != ',') return layers;
      ++place_;
    }
  }

  void entry(LayerList& layers, int depth) {
    const std::size_t start = place_;
    place_ = std::min(text_.find_first_of(",()|", place_), text_.size());
    const std::string_view word = trim(text_.substr(start, place_ - start));
    if (place_ == text_.size() || text_[place_] != '(') {
      add(layers, {.text = std::string(word)});
    } else if (word == "residual") {
      add(layers, block(depth));
    } else if (const auto repeats = parse_repeats(word)) {
      repeat(layers, *repeats, depth);
    } else {
      const std::string advice = foreign_layer_advice(word);
      fail(
          "{}: '{}(': expected residual(...) or a number as in 3 x (...); a layer's numbers follow "
          "its name without parentheses: 'linear 10'{}",
          origin_, word, advice.empty() ? "" : "; " + advice);
    }
  }

  LayerSpec block(int depth) {
    const std::size_t start = place_++;
    LayerSpec spec{.text = "residual", .body = list(depth + 1)};
    if (place_ < text_.size() && text_[place_] == '|') {
      ++place_;
      spec.shortcut = list(depth + 1);
    }
    close(start);
    if (is_blank(spec.body)) fail("{}: residual() without layers in it", origin_);
    if (is_blank(spec.shortcut)) {
      fail("{}: nothing behind the '|' of a residual; leave the '|' out for the input itself",
           origin_);
    }
    return spec;
  }

  void repeat(LayerList& layers, std::int64_t count, int depth) {
    const std::size_t start = place_++;
    if (count < 1 || count > static_cast<std::int64_t>(kMaxLayers)) {
      fail("{}: '{} x (...)': expected a number from 1 to {}", origin_, count, kMaxLayers);
    }
    const std::size_t before = layers_;
    const LayerList once = list(depth + 1);
    close(start);
    check_count(before + (layers_ - before) * static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i) layers.insert(layers.end(), once.begin(), once.end());
  }

  void close(std::size_t start) {
    if (place_ == text_.size() || text_[place_] != ')') {
      fail("{}: the parenthesis of '{}' is not closed", origin_, rest(start));
    }
    ++place_;
    const std::size_t next = std::min(text_.find_first_not_of(" \t\r\n", place_), text_.size());
    if (next < text_.size() && text_[next] != ',' && text_[next] != ')' && text_[next] != '|') {
      fail("{}: expected a comma between layers, before '{}'", origin_, rest(next));
    }
    place_ = next;
  }

  void add(LayerList& layers, LayerSpec spec) {
    check_count(layers_ + 1);
    layers.push_back(std::move(spec));
  }

  void check_count(std::size_t count) {
    layers_ = count;
    if (count > kMaxLayers) fail("{}: more than {} layers", origin_, kMaxLayers);
  }

  static bool is_blank(const LayerList& layers) {
    return layers.size() == 1 && !layers[0].is_residual() && layers[0].text.empty();
  }

  /// For messages: what stands from there on, cut short.
  std::string_view rest(std::size_t place) const { return text_.substr(place, 24); }

  std::string_view text_;
  std::string_view origin_;
  std::size_t place_ = 0;
  std::size_t layers_ = 0;
};

}  // namespace

LayerList parse_layer_list(std::string_view text, std::string_view origin) {
  return Parser(text, origin).parse();
}

std::string to_text(const LayerList& layers) {
  std::string text;
  for (const LayerSpec& layer : layers) {
    if (!text.empty()) text += ", ";
    if (!layer.is_residual()) {
      text += layer.text;
      continue;
    }
    text += "residual(" + to_text(layer.body);
    if (!layer.shortcut.empty()) text += " | " + to_text(layer.shortcut);
    text += ")";
  }
  return text;
}

std::size_t count_layers(const LayerList& layers) {
  std::size_t count = 0;
  for (const LayerSpec& layer : layers) {
    count += 1 + count_layers(layer.body) + count_layers(layer.shortcut);
  }
  return count;
}

}  // namespace normlab
