#pragma once

#include <array>
#include <vector>

/// Made by tests/golden/statistics.py with SciPy 1.10.1.
namespace normlab::golden {

struct Sample {
  const char* name;
  std::vector<double> values;
  double sign_flip_p;
  double interquartile_mean;
};

inline const std::vector<Sample> kSamples = {
    {"five", {0.0131, 0.0158, 0.0147, 0.0169, 0.0122}, 0.0625, 0.014533333333333334},
    {"eight",
     {-0.031, 0.012, -0.044, -0.027, -0.051, -0.008, -0.039, 0.003},
     0.046875,
     -0.026250000000000002},
    {"twelve",
     {0.11, 0.35, 0.02, 1.71, 0.48, 0.09, 0.77, 2.94, 0.23, 0.55, 0.07, 1.12},
     0.00048828125,
     0.41500000000000004},
    {"tied", {3.0, 5.0, 5.0, 4.0, 5.0, 5.0, 2.0, 5.0, 5.0, 5.0}, 0.001953125, 4.833333333333333},
    {"twenty",
     {1.2, -0.4, 0.8, 2.1, -1.5, 0.3,  0.9, 1.1, -0.2, 0.6,
      1.9, -0.8, 0.1, 1.4, 0.7,  -0.6, 2.3, 0.5, -0.1, 1.0},
     0.021642,
     0.5900000000000001},
};

struct Quantile {
  double argument;
  double value;
};

/// Standard normal quantiles.
inline constexpr std::array<Quantile, 9> kNormal = {{
    {1e-08, -5.612001244174789},
    {0.001, -3.090232306167813},
    {0.025, -1.9599639845400545},
    {0.3, -0.5244005127080409},
    {0.5, 0.0},
    {0.8, 0.8416212335729143},
    {0.975, 1.959963984540054},
    {0.9995, 3.2905267314919255},
    {0.99999999, 5.612001243305505},
}};

/// 97.5 % quantiles of Student's t by degrees of freedom.
inline constexpr std::array<Quantile, 9> kStudent = {{
    {1.0, 12.706204736174728},
    {2.0, 4.302652729749464},
    {3.0, 3.182446305283709},
    {4.0, 2.776445105197794},
    {5.0, 2.570581835636315},
    {9.0, 2.2621571627982053},
    {30.0, 2.0422724563012378},
    {101.0, 1.9837310029556066},
    {1000.0, 1.9623390808262617},
}};

}  // namespace normlab::golden
