#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Numbers as people type them, on the command line and in files: the one reader of them. Decimal
/// digits with an optional minus, decimal point and exponent ("0.1", "-3", "1e-05", ".5"); no plus,
/// no blanks, no zeros before other digits, no hexadecimal, no infinity or NaN, and nothing that a
/// double cannot hold.
namespace normlab {

/// The whole text as one finite number; empty when it is anything else. Minus zero is zero.
std::optional<double> parse_number(std::string_view text);

/// The whole text as one integer, without point and exponent; empty when it is anything else or
/// does not fit.
std::optional<std::int64_t> parse_whole(std::string_view text);

/// Whether zeros stand before other digits: "0005", "-01.5".
bool has_leading_zero(std::string_view text);

/// "'0005' begins with a zero: write 5" for a text with leading zeros, empty for any other.
std::string leading_zero_advice(std::string_view text);

}  // namespace normlab
