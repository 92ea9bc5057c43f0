#include "normlab/kernels/dropout.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "normlab/kernels/kernel_test.h"
#include "normlab/kernels/reference/dropout.h"

namespace normlab::kernels {
namespace {

/// With all parts of the counter and the key filled.
const Philox kStream(0x9876543210, Purpose::dropout, (std::uint64_t{3} << 32) + 7);

class DropoutTest : public KernelTest {};
INSTANTIATE_TEST_SUITE_P(Isas, DropoutTest, every_isa(), isa_name);

void expect_as_reference(std::int64_t size, std::int64_t misalignment, float rate,
                         std::uint64_t first) {
  const std::string test_case =
      fmt::format("size {}, misalignment {}, rate {}, first {}", size, misalignment, rate, first);
  Guarded<float> x(1, size, 0, misalignment);
  Guarded<float> y(1, size, 0, misalignment);
  Guarded<float> mask(1, size, 0, misalignment);
  x.assign(normal_values(size, 1));
  const auto n = static_cast<std::size_t>(size);
  dropout_forward(y.data(), mask.data(), x.data(), n, rate, kStream, first);
  expect_close<float>(mask.values(), reference::dropout_mask(n, rate, kStream, first),
                      {0, 0x1p-23, "1 / (1 - rate), rounded twice"}, test_case);
  std::vector<float> product(n);
  for (std::size_t i = 0; i < n; ++i) product[i] = x.data()[i] * mask.data()[i];
  EXPECT_EQ(y.values(), product) << reproduction(test_case);
  dropout_backward(x.data(), x.data(), mask.data(), n);
  EXPECT_EQ(x.values(), product) << reproduction("backward in place, " + test_case);
  for (Guarded<float>* values : {&x, &y, &mask}) values->expect_intact(test_case);
}

TEST_P(DropoutTest, IsAsTheReference) {
  for (const std::int64_t size :
       {1, 3, 4, 7, 8, 15, 16, 17, 33, 127, 129, 1000, 1024, 1025, 2500}) {
    for (const std::int64_t misalignment : {0, 1, 5}) {
      for (const std::uint64_t first :
           {std::uint64_t{0}, std::uint64_t{4}, (std::uint64_t{1} << 34) - 24}) {
        for (const float rate : {0.0f, 0.1f, 0.5f}) {
          expect_as_reference(size, misalignment, rate, first);
        }
      }
    }
  }
}

/// An element is dropped just where its number is below the rate: two rates next to each other find
/// the number out, to its last bit.
TEST_P(DropoutTest, NumbersAreTheStreamsToTheBit) {
  constexpr std::size_t kCount = 300;
  const std::uint64_t first = (std::uint64_t{1} << 34) - 40;  // words of the counter change here
  const std::vector<float> x(kCount, 1.0f);
  std::vector<float> y(kCount);
  std::vector<float> mask(kCount);
  for (std::size_t i = 0; i < kCount; ++i) {
    const float number = Philox::unit(kStream.block((first + i) / 4)[(first + i) % 4]);
    dropout_forward(y.data(), mask.data(), x.data(), kCount, number, kStream, first);
    EXPECT_GE(mask[i], 1) << reproduction(fmt::format("element {}", i));
    const float above = std::nextafter(number, 2.0f);
    dropout_forward(y.data(), mask.data(), x.data(), kCount, above, kStream, first);
    EXPECT_EQ(mask[i], 0) << reproduction(fmt::format("element {}", i));
  }
}

TEST_P(DropoutTest, PiecesMakeTheWhole) {
  const std::vector<float> x = normal_values(1000, 1);
  std::vector<float> whole(1000);
  std::vector<float> pieces(1000);
  std::vector<float> mask(1000);
  dropout_forward(whole.data(), mask.data(), x.data(), 1000, 0.3f, kStream, 40);
  for (const std::size_t start : {std::size_t{0}, std::size_t{52}, std::size_t{600}}) {
    const std::size_t end = start == 0 ? 52 : start == 52 ? 600 : 1000;
    dropout_forward(pieces.data() + start, mask.data() + start, x.data() + start, end - start, 0.3f,
                    kStream, 40 + start);
  }
  EXPECT_EQ(pieces, whole);
}

TEST_P(DropoutTest, RateIsTheShareOfZeros) {
  const std::vector<float> x(100'000, 1.0f);
  std::vector<float> y(x.size());
  std::vector<float> mask(x.size());
  dropout_forward(y.data(), mask.data(), x.data(), x.size(), 0.25f, kStream, 0);
  // Five standard errors.
  EXPECT_NEAR(static_cast<double>(std::count(y.begin(), y.end(), 0.0f)), 25'000, 5 * 137);
}

TEST_P(DropoutTest, KeepsWhereTheNumberEqualsTheRate) {
  const float rate = Philox::unit(kStream.block(0)[1]);
  expect_as_reference(8, 0, rate, 0);
}

TEST_P(DropoutTest, RateOneDropsAll) {
  const std::vector<float> x = normal_values(37, 1);
  std::vector<float> y(37, 1.0f);
  std::vector<float> mask(37, 1.0f);
  dropout_forward(y.data(), mask.data(), x.data(), 37, 1.0f, kStream, 0);
  EXPECT_EQ(y, std::vector<float>(37));
  EXPECT_EQ(mask, std::vector<float>(37));
}

}  // namespace
}  // namespace normlab::kernels
