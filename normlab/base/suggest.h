#pragma once

#include <span>
#include <string>
#include <string_view>

namespace normlab {

/// The known word nearest to `word`, for "did you mean" in error messages; empty when none is near.
/// Distance counts inserted, dropped and replaced letters and swapped neighbours, whatever their
/// case; at most a third of the word's letters (but always one) may differ. Of equally near words
/// the first wins.
std::string did_you_mean(std::string_view word, std::span<const std::string> known);

/// ": did you mean 'NAME'?" for the nearest known word, or an empty string: made to be appended to
/// a message.
std::string suggestion(std::string_view word, std::span<const std::string> known);

}  // namespace normlab
