#include "normlab/nn/safetensors.h"

#include <bit>
#include <cstring>
#include <fstream>
#include <functional>
#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "normlab/base/error.h"

namespace normlab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Floats = std::vector<float>;
using Doubles = std::vector<double>;
using Integers = std::vector<std::int64_t>;

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

/// A file of this header and `data_bytes` zeros.
std::string file_of(const std::string& header, std::size_t data_bytes = 0) {
  std::string file(8, '\0');
  const std::uint64_t length = header.size();
  std::memcpy(file.data(), &length, 8);
  return file + header + std::string(data_bytes, '\0');
}

std::string f32(const std::string& name, const std::string& shape, int first, int last) {
  return "\"" + name + R"(":{"dtype":"F32","shape":)" + shape + R"(,"data_offsets":[)" +
         std::to_string(first) + "," + std::to_string(last) + "]}";
}

template <class E = RequestError>
std::string error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const E& error) {
    return error.what();
  }
  return "no error";
}

TensorFile sample() {
  return {.tensors = {{"1.weight", {2, 3}, Floats{1, -2, 0.5F, 4, 5, 6}},
                      {"1.count", {}, Integers{-7}},
                      {"naïve \"name\"", {1}, Doubles{0.1}},
                      {"empty", {0, 4}, Floats{}}},
          .metadata = {{"format", "pt"}, {"normlab.step", "200"}}};
}

/// A folder of its own, removed at the end.
class SafetensorsFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "safetensors-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
};

std::string two_bytes_each(const std::string& dtype, std::initializer_list<std::uint16_t> values) {
  const std::string last = std::to_string(2 * values.size());
  std::string file =
      file_of("{\"a\":{\"dtype\":\"" + dtype + "\",\"shape\":[" + std::to_string(values.size()) +
              "],\"data_offsets\":[0," + last + "]}}");
  for (const std::uint16_t value : values) {
    file += static_cast<char>(value & 0xff);
    file += static_cast<char>(value >> 8);
  }
  return file;
}

TEST(Safetensors, ReadsSixteenBitFloatsAsFloats) {
  const std::string half = two_bytes_each("F16", {0x3c00, 0xc100, 0x0001});
  const TensorFile f16 = parse_safetensors(bytes_of(half), "half");
  EXPECT_EQ(to_floats(f16.tensors.at(0)), (Floats{1, -2.5F, 0x1p-24F}));
  const std::string brain = two_bytes_each("BF16", {0x3f80, 0xc020});
  EXPECT_EQ(to_floats(parse_safetensors(bytes_of(brain), "brain").tensors.at(0)),
            (Floats{1, -2.5F}));
  const std::string odd = file_of(R"({"a":{"dtype":"F16","shape":[2],"data_offsets":[0,3]}})", 3);
  EXPECT_THAT(error_of([&] { parse_safetensors(bytes_of(odd), "odd"); }),
              HasSubstr("does not fit its 3 bytes"));
}

TEST(Safetensors, ReadsBackWhatItWrote) {
  const TensorFile read = parse_safetensors(format_safetensors(sample()), "sample");
  EXPECT_EQ(read.metadata, sample().metadata);
  ASSERT_EQ(read.tensors.size(), 4U);
  for (const Tensor& tensor : sample().tensors) {
    const Tensor* found = read.find(tensor.name);
    ASSERT_NE(found, nullptr) << tensor.name;
    EXPECT_EQ(found->shape, tensor.shape) << tensor.name;
    EXPECT_EQ(found->values, tensor.values) << tensor.name;
  }
  EXPECT_EQ(read.find("2.weight"), nullptr);
}

TEST(Safetensors, HasExactlyTheBytesOfTheFormat) {
  const TensorFile file{.tensors = {{"w", {2}, Floats{1.0F, 2.0F}}}, .metadata = {{"a", "b"}}};
  const std::vector<std::byte> bytes = format_safetensors(file);
  const std::string expected =
      file_of(
          R"({"__metadata__":{"a":"b"},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} )") +
      std::string("\0\0\x80\x3f\0\0\0\x40", 8);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()), expected);
}

TEST(Safetensors, ValuesAreAlignedToTheirSize) {
  const TensorFile file{
      .tensors = {{"f", {1}, Floats{1}}, {"i", {1}, Integers{2}}, {"d", {1}, Doubles{3}}},
      .metadata = {}};
  const std::vector<std::byte> bytes = format_safetensors(file);
  std::uint64_t header = 0;
  std::memcpy(&header, bytes.data(), 8);
  EXPECT_EQ(header % 8, 0U);
  const TensorFile read = parse_safetensors(bytes, "file");
  EXPECT_EQ(read.tensors[0].name, "i");
  EXPECT_EQ(read.tensors[1].name, "d");
  EXPECT_EQ(read.tensors[2].name, "f");
}

TEST(Safetensors, KeepsEveryBitOfSpecialNumbers) {
  const float nan = std::bit_cast<float>(0x7FC12345U);
  const Floats values{nan, -0.0F, std::numeric_limits<float>::infinity(), 1e-45F};
  const TensorFile read = parse_safetensors(
      format_safetensors({.tensors = {{"x", {4}, values}}, .metadata = {}}), "file");
  EXPECT_EQ(std::memcmp(to_floats(read.tensors[0]).data(), values.data(), 16), 0);
}

TEST(Safetensors, ConvertsDoublesToFloatsButNotIntegers) {
  EXPECT_THAT(to_floats({"d", {2}, Doubles{0.1, 1e300}}),
              ElementsAre(0.1F, std::numeric_limits<float>::infinity()));
  EXPECT_THAT(error_of([] { to_floats({"steps", {1}, Integers{1}}); }), HasSubstr("'steps'"));
}

TEST(Safetensors, AcceptsPaddingAndAnyOrderOfFieldsAndTensors) {
  const std::string header = R"({ "b":{"data_offsets":[4,12],"shape":[2],"dtype":"F32"},)" +
                             f32("a", "[]", 0, 4) + "}   \n";
  const TensorFile read = parse_safetensors(bytes_of(file_of(header, 12)), "file");
  ASSERT_EQ(read.tensors.size(), 2U);
  EXPECT_EQ(read.tensors[0].name, "a");
  EXPECT_EQ(read.tensors[0].size(), 1);
  EXPECT_EQ(read.tensors[1].size(), 2);
  EXPECT_TRUE(parse_safetensors(bytes_of(file_of("{}")), "file").tensors.empty());
}

struct BadFile {
  std::string content;
  std::string complaint;
};

const std::vector<BadFile>& bad_files() {
  static const std::vector<BadFile> files{
      {"", "too few"},
      {"1234567", "too few"},
      {std::string(8, '\xff'), "announces a header of 18446744073709551615 bytes"},
      {file_of("{}").substr(0, 9), "announces a header of 2 bytes, at most 1"},
      {file_of(""), "does not start with '{'"},
      {file_of(" {}"), "does not start with '{'"},
      {file_of("[]"), "does not start with '{'"},
      {file_of("{"), "not valid JSON"},
      {file_of("{} x"), "not valid JSON"},
      {file_of("{\"\xff\":1}"), "not valid JSON"},
      {file_of(R"({"a":1})"), "'a' may not be a number"},
      {file_of(R"({"a":[]})"), "'a' may not be an array"},
      {file_of(R"({"a":null})"), "'a' may not be null"},
      {file_of(R"({"a":{}})"), "'a' needs all of dtype, shape and data_offsets"},
      {file_of(R"({"a":{"dtype":"F32","shape":[]}})"), "needs all of"},
      {file_of(R"({"a":{"dtype":{}}})"), "'dtype' of 'a' may not be an object"},
      {file_of(R"({"a":{"dtype":7}})"), "'dtype' of 'a' may not be a number"},
      {file_of(R"({"a":{"dtype":"F32","dtype":"F64"}})"), "'dtype' of 'a' is there twice"},
      {file_of(R"({"a":{"color":"red"}})"), "unknown field 'color'"},
      {file_of(R"({"a":{"shape":"2x2"}})"), "'shape' of 'a' may not be a string"},
      {file_of(R"({"a":{"shape":[[2]]}})"), "'shape' of 'a' may not be an array"},
      {file_of(R"({"a":{"shape":[-1]}})"), "may not be a negative number"},
      {file_of(R"({"a":{"shape":[1.5]}})"), "not whole"},
      {file_of(R"({"a":{"shape":[99999999999999999999]}})"), "too large"},
      {file_of(R"({"a":{"shape":[true]}})"), "may not be a truth value"},
      {file_of(R"({"a":{"dtype":"F32","shape":[],"data_offsets":[0]}})"), "must be two numbers"},
      {file_of(R"({"a":{"dtype":"F32","shape":[],"data_offsets":[0,4,8]}})", 8), "two numbers"},
      {file_of(R"({"__metadata__":{"a":1}})"), "'a' of '__metadata__' may not be a number"},
      {file_of(R"({"__metadata__":{"a":["b"]}})"), "may not be an array"},
      {file_of(R"({"__metadata__":{"a":"1","a":"2"}})"), "there twice"},
      {file_of(R"({"__metadata__":{},"__metadata__":{}})"), "'__metadata__' is there twice"},
      {file_of("{" + f32("a", "[]", 0, 4) + "," + f32("a", "[]", 4, 8) + "}", 8), "there twice"},
      {file_of("{" + f32("a", "[]", 0, 4) + "," + f32("b", "[]", 0, 4) + "}", 4), "'b' lies at"},
      {file_of("{" + f32("a", "[]", 0, 4) + "," + f32("b", "[]", 2, 6) + "}", 6), "'b' lies at"},
      {file_of("{" + f32("a", "[]", 0, 4) + "," + f32("b", "[]", 8, 12) + "}", 12), "starts at 4"},
      {file_of("{" + f32("a", "[]", 4, 8) + "}", 8), "'a' lies at"},
      {file_of("{" + f32("a", "[]", 0, 4) + "}", 3), "cut short"},
      {file_of("{" + f32("a", "[]", 0, 4) + "}", 5), "1 bytes follow the last tensor"},
      {file_of("{" + f32("a", "[0]", 4, 0) + "}"), "'a' lies at"},
      {file_of("{" + f32("a", "[2]", 0, 4) + "}", 4), "shape [2] and type F32 does not fit"},
      {file_of("{" + f32("a", "[4611686018427387904,4]", 0, 0) + "}"), "does not fit its 0 bytes"},
      {file_of("{" + f32("a", "[18446744073709551615]", 0, 4) + "}", 4), "does not fit"},
      {file_of("{" + f32("a", "[0,18446744073709551615]", 0, 0) + "}"), "does not fit"},
      {file_of(R"({"a":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}})", 4),
       "type 'I32'; F16, BF16, F32, F64 and I64 can be read"},
  };
  return files;
}

TEST(Safetensors, RefusesEveryBreachOfTheFormatAndSaysWhich) {
  for (const BadFile& bad : bad_files()) {
    const std::string error =
        error_of([&] { parse_safetensors(bytes_of(bad.content), "weights.safetensors"); });
    EXPECT_THAT(error, HasSubstr(bad.complaint)) << bad.content;
    EXPECT_THAT(error, testing::StartsWith("weights.safetensors: ")) << bad.content;
  }
}

TEST(Safetensors, DepthCostsNothing) {
  const std::string deep = file_of("{\"a\":{\"shape\":" + std::string(1'000'000, '['));
  EXPECT_THAT(error_of([&] { parse_safetensors(bytes_of(deep), "deep"); }),
              HasSubstr("may not be an array"));
}

TEST(Safetensors, EveryTruncationIsRefused) {
  const std::vector<std::byte> bytes = format_safetensors(sample());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_THROW(parse_safetensors(std::span(bytes).first(length), "cut"), RequestError) << length;
  }
}

TEST(Safetensors, RefusesToFormatWhatItCouldNotReadBack) {
  const auto format = [](std::vector<Tensor> tensors) {
    return error_of([&] { format_safetensors({.tensors = tensors, .metadata = {}}); });
  };
  EXPECT_THAT(format({{"a", {1}, Floats{1}}, {"a", {1}, Floats{1}}}), HasSubstr("'a' is taken"));
  EXPECT_THAT(format({{"__metadata__", {1}, Floats{1}}}), HasSubstr("is taken"));
  EXPECT_THAT(format({{"a", {3}, Floats{1, 2}}}), HasSubstr("shape [3] holds 2 values"));
  EXPECT_THAT(format({{"a", {-1}, Floats{1}}}), HasSubstr("holds 1 values"));
  EXPECT_THAT(format({{"\xff", {1}, Floats{1}}}), HasSubstr("not UTF-8"));
}

TEST_F(SafetensorsFile, IsReplacedWholeAndLeavesNothingElse) {
  const auto path = folder_ / "model.safetensors";
  write_safetensors(path, {});
  write_safetensors(path, sample());
  EXPECT_EQ(read_safetensors(path).tensors.size(), 4U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

TEST_F(SafetensorsFile, NotWritableIsAnErrorThatNamesTheFileAndLeavesNothing) {
  EXPECT_THAT(
      error_of<Error>([&] { write_safetensors(folder_ / "no" / "x.safetensors", {}); }),
      testing::AllOf(HasSubstr("x.safetensors: cannot be written"), HasSubstr("No such file")));
  std::filesystem::create_directories(folder_ / "taken" / "inside");
  EXPECT_THAT(error_of<Error>([&] { write_safetensors(folder_ / "taken", sample()); }),
              HasSubstr("cannot be written"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

TEST_F(SafetensorsFile, NotReadableIsAWrongRequest) {
  EXPECT_THAT(error_of([&] { read_safetensors(folder_ / "missing"); }),
              HasSubstr("missing: cannot be read: No such file"));
  EXPECT_THAT(error_of([&] { read_safetensors(folder_); }), HasSubstr("cannot be read"));
  std::ofstream(folder_ / "text") << "hello";
  EXPECT_THAT(error_of([&] { read_safetensors(folder_ / "text"); }), HasSubstr("text: 5 bytes"));
}

}  // namespace
}  // namespace normlab
