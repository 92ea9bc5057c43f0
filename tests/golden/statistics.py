"""Prints the numbers in normlab/lab/statistics_golden.h. Needs Debian's python3-scipy (1.10).

    python3 tests/golden/statistics.py | $(tools/clang_format.sh) > normlab/lab/statistics_golden.h
"""

import numpy as np
from scipy import special, stats

# Differences of accuracy and losses as studies give them, and a skewed and a tied sample.
SAMPLES = {
    "five": [0.0131, 0.0158, 0.0147, 0.0169, 0.0122],
    "eight": [-0.031, 0.012, -0.044, -0.027, -0.051, -0.008, -0.039, 0.003],
    "twelve": [0.11, 0.35, 0.02, 1.71, 0.48, 0.09, 0.77, 2.94, 0.23, 0.55, 0.07, 1.12],
    "tied": [3, 5, 5, 4, 5, 5, 2, 5, 5, 5],
    "twenty": [1.2, -0.4, 0.8, 2.1, -1.5, 0.3, 0.9, 1.1, -0.2, 0.6,
               1.9, -0.8, 0.1, 1.4, 0.7, -0.6, 2.3, 0.5, -0.1, 1.0],
}


def sign_flip(values):
    """Exact where there are at most 2^16 patterns; else a large random sample."""
    exact = len(values) <= 16
    return stats.permutation_test(
        (np.array(values),), np.mean, permutation_type="samples", vectorized=True,
        n_resamples=np.inf if exact else 999_999, random_state=1).pvalue


def text(number):
    return repr(float(number))


def main():
    print("#pragma once\n")
    print("#include <array>\n#include <vector>\n")
    print(f"/// Made by tests/golden/statistics.py with SciPy {__import__('scipy').__version__}.")
    print("namespace normlab::golden {\n")
    print("struct Sample {\n  const char* name;\n  std::vector<double> values;\n"
          "  double sign_flip_p;\n  double interquartile_mean;\n};\n")
    print("inline const std::vector<Sample> kSamples = {")
    for name, values in SAMPLES.items():
        numbers = ", ".join(text(v) for v in values)
        print(f'    {{"{name}", {{{numbers}}}, {text(sign_flip(values))}, '
              f'{text(stats.trim_mean(values, 0.25))}}},')
    print("};\n")
    print("struct Quantile {\n  double argument;\n  double value;\n};\n")
    print("/// Standard normal quantiles.")
    print("inline constexpr std::array<Quantile, 9> kNormal = {{")
    for p in (1e-8, 0.001, 0.025, 0.3, 0.5, 0.8, 0.975, 0.9995, 1 - 1e-8):
        print(f"    {{{text(p)}, {text(stats.norm.ppf(p))}}},")
    print("}};\n")
    print("/// 97.5 % quantiles of Student's t by degrees of freedom.")
    print("inline constexpr std::array<Quantile, 9> kStudent = {{")
    for degrees in (1, 2, 3, 4, 5, 9, 30, 101, 1000):
        # stats.t.ppf is right to 1e-9 only; T^2 / (T^2 + degrees) has a beta distribution.
        share = special.betaincinv(0.5, degrees / 2, 0.95)
        print(f"    {{{text(degrees)}, {text(np.sqrt(degrees * share / (1 - share)))}}},")
    print("}};\n\n}  // namespace normlab::golden")


main()
