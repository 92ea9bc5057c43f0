#include "normlab/base/command_text.h"

#include <array>
#include <cstdio>
#include <vector>

#include <gtest/gtest.h>

namespace normlab {
namespace {

/// What a shell makes of the words, each followed by a newline.
std::string said_by_shell(const std::vector<std::string>& words) {
  std::vector<std::string> command = {"printf", R"(%s\n)"};
  command.insert(command.end(), words.begin(), words.end());
  FILE* shell = popen(command_text(command).c_str(), "r");
  std::string output;
  std::array<char, 256> part{};
  while (const std::size_t read = std::fread(part.data(), 1, part.size(), shell)) {
    output.append(part.data(), read);
  }
  EXPECT_EQ(pclose(shell), 0) << command_text(command);
  return output;
}

TEST(CommandText, IsReadBackByAShell) {
  const std::vector<std::string> words = {"plain", "",         " ",     "two words",
                                          "don't", "'",        "''",    "\"quoted\"",
                                          "$HOME", "`id`",     "$(id)", "a\\b",
                                          "a\nb",  "*",        "?",     "[a-z]",
                                          "{a,b}", "~",        "~root", "#comment",
                                          "a;b",   "a&b",      "a|b",   "<in",
                                          ">out",  "!history", "=ls",   "lr=log(1e-4,1,9)",
                                          "-1..1", "ü/ö",      "^a^b",  "flatten, linear 10"};
  std::string expected;
  for (const std::string& word : words) expected += word + "\n";
  EXPECT_EQ(said_by_shell(words), expected);
}

TEST(CommandText, EveryByteComesBack) {
  for (int byte = 1; byte < 256; ++byte) {
    const std::string word = {static_cast<char>(byte), 'x', static_cast<char>(byte)};
    EXPECT_EQ(said_by_shell({word}), word + "\n") << byte;
  }
}

TEST(CommandText, QuotesOnlyWhatNeedsIt) {
  const std::vector<std::string> words = {
      "normlab", "run", "mlp-128-64", "--data", "/a/b.c", "input_scale=-1..1", "it's"};
  EXPECT_EQ(command_text(words),
            R"(normlab run mlp-128-64 --data /a/b.c input_scale=-1..1 'it'\''s')");
}

}  // namespace
}  // namespace normlab
