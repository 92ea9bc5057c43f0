#include "normlab/report/html/thinning.h"

#include <algorithm>
#include <cmath>

namespace normlab {
namespace {

template <class T>
std::vector<std::size_t> finite_places(std::span<const T> values) {
  std::vector<std::size_t> places;
  places.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i])) places.push_back(i);
  }
  return places;
}

template <class T>
std::vector<std::size_t> thin_values(std::span<const T> values, std::size_t points) {
  std::vector<std::size_t> places = finite_places(values);
  if (places.size() <= points) return places;
  // Two places are the ends'.
  const std::size_t buckets = (points - 2) / 2;
  std::vector<std::size_t> kept = {places.front()};
  const auto keep = [&](std::size_t place) {
    if (place > kept.back()) kept.push_back(place);
  };
  const auto by_value = [&](std::size_t a, std::size_t b) { return values[a] < values[b]; };
  for (std::size_t b = 0; b < buckets; ++b) {
    const auto first = places.begin() + static_cast<std::ptrdiff_t>(b * places.size() / buckets);
    const auto last =
        places.begin() + static_cast<std::ptrdiff_t>((b + 1) * places.size() / buckets);
    const auto [low, high] = std::minmax_element(first, last, by_value);
    keep(std::min(*low, *high));
    keep(std::max(*low, *high));
  }
  keep(places.back());
  return kept;
}

}  // namespace

std::vector<std::size_t> thin(std::span<const float> values, std::size_t points) {
  return thin_values(values, points);
}
std::vector<std::size_t> thin(std::span<const double> values, std::size_t points) {
  return thin_values(values, points);
}

}  // namespace normlab
