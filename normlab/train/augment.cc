#include "normlab/train/augment.h"

#include <algorithm>

#include "normlab/base/error.h"
#include "normlab/base/philox.h"

namespace normlab {
namespace {

/// Uniform over -most..most.
std::int32_t move_of(std::uint32_t word, std::int64_t most) {
  const auto choices = static_cast<std::uint64_t>(2 * most + 1);
  const auto drawn = static_cast<std::int64_t>(word * choices >> 32);
  return static_cast<std::int32_t>(drawn - most);
}

}  // namespace

void check_augment(const AugmentOptions& options, const Dataset& data) {
  const std::int64_t side = std::min(data.height, data.width);
  if (options.crop < side) return;
  fail(
      "augment=crop:{}: images of {} are {}x{}; a move of that many pixels leaves nothing of "
      "them (at most {})",
      options.crop, data.name, data.height, data.width, side - 1);
}

Augmenter::Augmenter(const AugmentOptions& options, std::uint64_t seed, std::int64_t max_examples)
    : options_(options), seed_(seed) {
  if (options != AugmentOptions{}) placements_.resize(static_cast<std::size_t>(max_examples));
}

std::span<const kernels::Placement> Augmenter::place(std::span<const std::uint32_t> images,
                                                     std::int64_t epoch) {
  if (placements_.empty()) return {};
  const Philox random(seed_, Purpose::augmentation, static_cast<std::uint64_t>(epoch));
  for (std::size_t i = 0; i < images.size(); ++i) {
    const PhiloxBlock words = random.block(images[i]);
    placements_[i] = {.down = move_of(words[0], options_.crop),
                      .right = move_of(words[1], options_.crop),
                      .mirrored = is_mirrored(images[i], epoch, words[2])};
  }
  return std::span(placements_).first(images.size());
}

bool Augmenter::is_mirrored(std::uint32_t image, std::int64_t epoch, std::uint32_t word) const {
  const auto side = [](std::uint32_t drawn) { return drawn >> 31 != 0; };
  if (options_.flip != Flip::alternate) return options_.flip == Flip::random && side(word);
  const Philox first(seed_, Purpose::augmentation, 0);
  return side(first.block(image)[2]) != (epoch % 2 != 0);
}

}  // namespace normlab
