// docs/batch-norm.md works an example out: its numbers are read from the document and computed
// again.

#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/base/matrix.h"
#include "normlab/kernels/moments.h"
#include "normlab/kernels/norm.h"
#include "normlab/kernels/reference/norm.h"

namespace normlab {
namespace {

using reference::PerChannel;
using reference::Table;

constexpr double kGamma = 2;
constexpr double kBeta = 1;
constexpr double kEps = 1e-5;
constexpr double kStatUpdate = 0.1;
// The document rounds to four decimals.
constexpr double kRounding = 0.5e-4 + 1e-12;

using Row = std::vector<std::string>;

Row cells_of(const std::string& line) {
  Row cells;
  std::istringstream in(line.substr(1));
  for (std::string cell; std::getline(in, cell, '|');) {
    const auto first = cell.find_first_not_of(' ');
    const auto last = cell.find_last_not_of(' ');
    cells.push_back(first == std::string::npos ? "" : cell.substr(first, last - first + 1));
  }
  return cells;
}

/// The rows below the table header that starts with `header`, without the line that rules it off.
std::vector<Row> table_below(const std::string& header) {
  std::ifstream document(NORMLAB_SOURCE_DIR "/docs/batch-norm.md");
  std::vector<Row> rows;
  bool inside = false;
  for (std::string line; std::getline(document, line);) {
    if (inside && !line.starts_with('|')) break;
    if (inside) rows.push_back(cells_of(line));
    if (line.starts_with(header)) inside = true;
  }
  if (!rows.empty()) rows.erase(rows.begin());
  return rows;
}

/// Column `column` of the table of examples.
Table column(std::size_t column) {
  const std::vector<Row> rows = table_below("| i | x |");
  Table values(static_cast<std::int64_t>(rows.size()), 1);
  for (std::size_t r = 0; r < rows.size(); ++r) values.values[r] = std::stod(rows[r].at(column));
  return values;
}

// Columns of the documented table.
constexpr std::size_t kX = 1;
constexpr std::size_t kDeviation = 2;
constexpr std::size_t kNormalized = 3;
constexpr std::size_t kY = 4;
constexpr std::size_t kDy = 5;
constexpr std::size_t kDx = 6;

std::map<std::string, double> documented_quantities() {
  std::map<std::string, double> quantities;
  for (const Row& row : table_below("| quantity |")) quantities[row.at(0)] = std::stod(row.at(1));
  return quantities;
}

void expect_documented(const Table& documented, const Table& computed) {
  ASSERT_EQ(documented.rows, 4);
  for (std::int64_t r = 0; r < documented.rows; ++r) {
    EXPECT_NEAR(documented.at(r, 0), computed.at(r, 0), kRounding) << "row " << r + 1;
  }
}

TEST(DocumentedExample, ForwardPassOfEveryRow) {
  const Table x = column(kX);
  const reference::Statistics statistics = reference::batch_statistics(x);
  Table deviation = x;
  for (double& value : deviation.values) value -= statistics.mean[0];
  expect_documented(column(kDeviation), deviation);
  expect_documented(column(kNormalized),
                    reference::batch_norm_forward(x, statistics, {1}, {0}, kEps));
  expect_documented(column(kY),
                    reference::batch_norm_forward(x, statistics, {kGamma}, {kBeta}, kEps));
}

TEST(DocumentedExample, BackwardPassOfEveryRow) {
  const Table x = column(kX);
  const reference::NormGradients gradients = reference::batch_norm_backward_train(
      column(kDy), x, reference::batch_statistics(x), {kGamma}, kEps);
  expect_documented(column(kDx), gradients.dx);
}

TEST(DocumentedExample, EveryQuantity) {
  const Table x = column(kX);
  const reference::Statistics batch = reference::batch_statistics(x);
  const reference::NormGradients gradients =
      reference::batch_norm_backward_train(column(kDy), x, batch, {kGamma}, kEps);
  const double unbiased = batch.variance[0] * 4 / 3;
  const reference::Statistics running{{kStatUpdate * batch.mean[0]},
                                      {1 + kStatUpdate * (unbiased - 1)}};
  Table one(1, 1);
  one.values = {1};
  const std::map<std::string, double> computed{
      {"mean", batch.mean[0]},
      {"biased variance", batch.variance[0]},
      {"unbiased variance", unbiased},
      {"inv_std", batch.inv_std(kEps)[0]},
      {"dbeta", gradients.dbeta[0]},
      {"dgamma", gradients.dgamma[0]},
      {"running mean after", running.mean[0]},
      {"running variance after", running.variance[0]},
      {"y of x = 1 in evaluation",
       reference::batch_norm_forward(one, running, {kGamma}, {kBeta}, kEps).values[0]},
  };
  const std::map<std::string, double> documented = documented_quantities();
  ASSERT_EQ(documented.size(), computed.size());
  for (const auto& [quantity, value] : documented) {
    ASSERT_TRUE(computed.contains(quantity)) << quantity;
    EXPECT_NEAR(value, computed.at(quantity), kRounding) << quantity;
  }
}

std::vector<float> values_around_4096() {
  std::vector<float> values(1400);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<float>(4096 + static_cast<double>(i % 11) / 3);
  }
  return values;
}

TEST(DocumentedVariance, OnePassInFloatGivesMinus24) {
  float sum = 0;
  float sum_of_squares = 0;
  for (const float value : values_around_4096()) {
    sum += value;
    sum_of_squares += value * value;
  }
  const float mean = sum / 1400;
  EXPECT_EQ(sum_of_squares / 1400 - mean * mean, -24);
}

TEST(DocumentedVariance, TwoPassesGiveTheTruth) {
  std::vector<float> values = values_around_4096();
  double mean = 0;
  double m2 = 0;
  kernels::moments({&mean, 1}, {&m2, 1}, {values.data(), 1400, 1, 1});
  EXPECT_NEAR(m2 / 1400, 1.11, 0.005);
}

}  // namespace
}  // namespace normlab
