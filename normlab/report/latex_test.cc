#include "normlab/report/latex.h"

#include <gmock/gmock.h>

#include "normlab/lab/mock_study.h"
#include "normlab/report/snapshot.h"

namespace normlab {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::vector<DataFacts> kGlyphs = {{"glyphs", "5eed", true, 48000, 12000, 10000}};

std::string latex(const MockStudy& mock) {
  return comparison_latex(compare(mock.study, mock.results), kGlyphs);
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

TEST(ComparisonLatex, TwoArms) {
  MockStudy mock = mock_study({"norm=none", "norm=batch"}, 12);
  diverge(mock.record(0, 2));
  const std::string text = latex(mock);
  EXPECT_EQ(text, snapshot("two_arms.tex", text));
}

TEST(ComparisonLatex, ManyArmsTakeSeveralTabularsOfOneTable) {
  const std::string text =
      latex(mock_study({"norm=none batch=32", "norm=batch batch=32", "norm=none batch=64",
                        "norm=batch batch=64", "norm=none batch=128"},
                       5));
  EXPECT_EQ(count(text, "\\begin{table}"), 1u);
  EXPECT_GT(count(text, "\\begin{tabular}"), 1u);
  EXPECT_EQ(count(text, "\\begin{tabular}"), count(text, "\\end{tabular}"));
  EXPECT_EQ(count(text, "\\shortstack"), 5u + 4u) << "every column once";
}

TEST(ComparisonLatex, EscapesLabels) {
  const std::string text = latex(mock_study({"a_b%c&d#e$f{g}h\\i~j^k<l>m|n"}, 2));
  EXPECT_THAT(text, HasSubstr(R"(a\_b\%c\&d\#e\$f\{g\}h\textbackslash{}i\textasciitilde{})"
                              R"(j\textasciicircum{}k\textless{}l\textgreater{}m\textbar{}n)"));
}

TEST(ComparisonLatex, NegativeNumbersHaveAMinus) {
  const std::string text = latex(mock_study({"norm=none", "norm=batch"}, 5));
  EXPECT_THAT(text, HasSubstr("$-$0.0"));
  EXPECT_THAT(text, Not(HasSubstr(" -0.")));
  EXPECT_THAT(text, HasSubstr("[$-$0.0"));
}

}  // namespace
}  // namespace normlab
