#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace normlab {

/// The words of one layer's text, taken from left to right: "conv 32 3x3 stride 2". Errors name the
/// layer and say what was expected.
class LayerText {
 public:
  explicit LayerText(std::string_view text);

  const std::string& text() const { return text_; }
  /// The first word; empty for blank text.
  std::string_view name() const { return words_.empty() ? std::string_view() : words_.front(); }

  /// The next word as an integer in [low, high]; `what` names it in errors.
  std::int64_t integer(std::string_view what, std::int64_t low, std::int64_t high);
  /// The next word as a number in [low, high).
  double number(std::string_view what, double low, double high);
  /// The next word as a square kernel: "3x3" or "3".
  std::int64_t kernel(std::int64_t high);
  /// The words "bias off" or "bias on", or none of them: whether there is a bias.
  bool bias();
  /// Takes the next word if it is `word`.
  bool take(std::string_view word);
  /// Call last: throws if words are left.
  void end() const;

  [[noreturn]] void fail_expecting(std::string_view expected) const;

 private:
  std::string_view next() const;

  std::string text_;
  std::vector<std::string> words_;
  std::size_t position_ = 1;
};

}  // namespace normlab
