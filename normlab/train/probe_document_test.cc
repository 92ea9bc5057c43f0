#include "normlab/train/probe_document.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "normlab/base/error.h"

namespace normlab {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

ProbeRecord make_record() {
  ProbeRecord record{.interval = 100, .examples = 64, .seconds = 0.1};
  for (const std::int64_t step : {0, 100, 137}) {
    const auto s = static_cast<float>(step) / 3;
    record.moments.push_back({step,
                              {{"2: relu", {-kInfinity, -1.1f, s, 1e-42f, kNaN}, 0.25f},
                               {"4: tanh", {1, 2, 3, 4, 5}, 0}},
                              {{"0: linear 8", 0.1f + s}},
                              {{"1: norm", {1, 1, s, 1, 1}, {0, 0, 0, 0, -0.0f}, 2.5f, 0.3f}}});
  }
  record.times = {{"linear", 1.0 / 3}, {"norm", 1e-9}};
  record.example = {"1: norm", 3,    {0.1f, -0.2f}, 1.0 / 7, 2.0 / 7, 2,
                    1e-5f,     0.9f, 0.1f,          0.3f,    1.2f};
  return record;
}

TEST(ProbeDocument, KeepsEveryBitAndWhatIsNotFinite) {
  const ProbeRecord record = make_record();
  const std::vector<std::byte> document = to_document(record);
  const ProbeRecord read = probe_from_document(document);
  EXPECT_EQ(to_document(read), document);
  EXPECT_EQ(read.interval, 100);
  EXPECT_EQ(read.examples, 64);
  EXPECT_EQ(read.seconds, 0.1);
  ASSERT_EQ(read.moments.size(), 3u);
  const ProbeMoment& last = read.moments[2];
  EXPECT_EQ(last.step, 137);
  EXPECT_EQ(last.activations[0].layer, "2: relu");
  EXPECT_EQ(last.activations[0].input[0], -kInfinity);
  EXPECT_EQ(last.activations[0].input[2], 137.0f / 3);
  EXPECT_EQ(last.activations[0].input[3], 1e-42f);
  EXPECT_TRUE(std::isnan(last.activations[0].input[4]));
  EXPECT_EQ(last.activations[0].dead, 0.25f);
  EXPECT_EQ(last.activations[1].layer, "4: tanh");
  EXPECT_EQ(last.gradients[0].norm, 0.1f + 137.0f / 3);
  EXPECT_EQ(last.norms[0].gamma[2], 137.0f / 3);
  EXPECT_TRUE(std::signbit(last.norms[0].beta[4]));
  EXPECT_EQ(last.norms[0].mean_distance, 2.5f);
  EXPECT_EQ(last.norms[0].log_variance_distance, 0.3f);
  EXPECT_EQ(read.times[0].seconds, 1.0 / 3);
  EXPECT_EQ(read.times[1].kind, "norm");
  EXPECT_EQ(read.example.x, record.example.x);
  EXPECT_EQ(read.example.batch_var, 2.0 / 7);
  EXPECT_EQ(read.example.running_var, 1.2f);
}

TEST(ProbeDocument, MayBeEmpty) {
  const ProbeRecord read = probe_from_document(to_document({.interval = 7}));
  EXPECT_EQ(read.interval, 7);
  EXPECT_TRUE(read.moments.empty());
}

TEST(ProbeDocument, SaysThatItIsDamaged) {
  std::vector<std::byte> document = to_document(make_record());
  document.resize(document.size() / 2);
  EXPECT_THROW(probe_from_document(document), Error);
  EXPECT_THROW(probe_from_document({}), Error);
  EXPECT_THROW(probe_from_document(std::as_bytes(std::span("\xa1\x61\x61"))), Error);
}

}  // namespace
}  // namespace normlab
