#include "normlab/data/npy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/data/test_files.h"

namespace normlab {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using namespace testing_files;

std::string images_error(const std::string& bytes) {
  return request_error([&] { parse_npy_images(bytes_of(bytes), "some.npz: x"); });
}
std::string labels_error(const std::string& bytes) {
  return request_error([&] { parse_npy_labels(bytes_of(bytes), "some.npz: y"); });
}

/// A header with this dictionary and no values.
std::string with_dictionary(const std::string& text) {
  return std::string("\x93NUMPY\1\0", 8) + static_cast<char>(text.size()) + '\0' + text;
}

TEST(Npy, ReadsImages) {
  const std::string grey = npy("|u1", "(2, 1, 3)", "abcdef");
  const ImageArray images = parse_npy_images(bytes_of(grey), "x");
  EXPECT_EQ(shape_text(images), "1 x 3");
  EXPECT_EQ(images.size(), 2);
  EXPECT_THAT(images.pixels, ElementsAre('a', 'b', 'c', 'd', 'e', 'f'));
  EXPECT_EQ(npy_file_size(bytes_of(grey).first(128), "x"), grey.size());
  EXPECT_EQ(shape_text(parse_npy_images(bytes_of(npy("|u1", "(1, 2, 1, 3)", "abcdef")), "x")),
            "2 x 1 x 3");
}

TEST(Npy, RowsOfASquareNumberOfValuesAreSquares) {
  EXPECT_EQ(shape_text(parse_npy_images(bytes_of(npy("|u1", "(2, 4)", "abcdefgh")), "x")), "2 x 2");
  EXPECT_EQ(shape_text(parse_npy_images(bytes_of(npy("|u1", "(2, 3)", "abcdef")), "x")), "1 x 3");
}

TEST(Npy, ReadsLabelsOfAnyIntegerType) {
  const auto labels = [](const std::string& type, const std::string& values) {
    return parse_npy_labels(bytes_of(npy(type, "(2,)", values)), "y");
  };
  EXPECT_THAT(labels("|u1", "\x01\xff"), ElementsAre(1, 255));
  EXPECT_THAT(labels("|i1", "\x01\x7f"), ElementsAre(1, 127));
  EXPECT_THAT(labels("<u2", std::string("\xe7\x03\1\0", 4)), ElementsAre(999, 1));
  EXPECT_THAT(labels(">i2", std::string("\x03\xe7\0\1", 4)), ElementsAre(999, 1));
  EXPECT_THAT(labels("<i4", std::string("\x2c\1\0\0\0\0\0\0", 8)), ElementsAre(300, 0));
  EXPECT_THAT(labels(">u8", std::string("\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\7", 16)),
              ElementsAre(256, 7));
  EXPECT_THAT(parse_npy_labels(bytes_of(npy("|u1", "(2, 1)", "\3\4")), "y"), ElementsAre(3, 4));
}

TEST(Npy, RefusesLabelsThatAreNoClasses) {
  EXPECT_THAT(labels_error(npy("<i2", "(1,)", "\xff\xff")),
              HasSubstr("some.npz: y: label -1 of record 0"));
  EXPECT_THAT(labels_error(npy("<u2", "(1,)", "\xe8\x03")), HasSubstr("label 1000 of record 0"));
  EXPECT_THAT(labels_error(npy("<u8", "(1,)", std::string(8, '\xff'))), HasSubstr("0..999"));
  EXPECT_THAT(labels_error(npy("<f4", "(1,)", "abcd")), HasSubstr("labels are integers"));
  EXPECT_THAT(labels_error(npy("|b1", "(1,)", "\1")), HasSubstr("labels are integers"));
  EXPECT_THAT(labels_error(npy("|u1", "(1, 10)", std::string(10, '\0'))),
              AllOf(HasSubstr("shape (1, 10)"), HasSubstr("(count,) or (count, 1)")));
}

TEST(Npy, RefusesImagesOfOtherTypesWithTheWayOn) {
  EXPECT_THAT(images_error(npy("<f4", "(1, 1, 1)", "abcd")),
              AllOf(HasSubstr("some.npz: x: holds '<f4'; images are '|u1'"),
                    HasSubstr("(255 * x).round().astype('uint8')")));
  EXPECT_THAT(images_error(npy("<i8", "(1, 1, 1)", "abcdefgh")), HasSubstr("x.astype('uint8')"));
  EXPECT_THAT(images_error(npy("|i1", "(1, 1, 1)", "a")), HasSubstr("x.astype('uint8')"));
  EXPECT_THAT(images_error(npy("|O", "(1, 1, 1)", "a")), HasSubstr("NumPy's type '|O'"));
  EXPECT_THAT(images_error(npy("<u1", "(1, 1, 1)", "a")), HasSubstr("NumPy's type '<u1'"));
  EXPECT_THAT(images_error(with_dictionary(
                  "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }\n")),
              HasSubstr("header is damaged or of a type that is not read"));
}

TEST(Npy, RefusesOtherOrders) {
  EXPECT_THAT(images_error(npy("|u1", "(1, 2, 2)", "abcd", "True")),
              AllOf(HasSubstr("Fortran order"), HasSubstr("numpy.ascontiguousarray(x)")));
  EXPECT_THAT(images_error(npy("|u1", "(1, 3, 8, 8)", std::string(192, 'a'))),
              HasSubstr("the channels come first; in Python: x.transpose(0, 2, 3, 1)"));
}

TEST(Npy, RefusesShapesThatAreNoImages) {
  EXPECT_THAT(images_error(npy("|u1", "(4,)", "abcd")), HasSubstr("shape (4,); images are"));
  EXPECT_THAT(images_error(npy("|u1", "()", "a")), HasSubstr("shape ()"));
  EXPECT_THAT(images_error(npy("|u1", "(0, 28, 28)", "")), HasSubstr("holds no values"));
  EXPECT_THAT(images_error(npy("|u1", "(1, 1, 5000)", std::string(5000, 'a'))),
              HasSubstr("each side of an image must be 1..4096"));
  EXPECT_THAT(images_error(npy("|u1", "(1, 8, 8, 9)", std::string(576, 'a'))),
              HasSubstr("its channels 1..4"));
  EXPECT_THAT(images_error(npy("|u1", "(1, 1, 1, 1, 1)", "a")), HasSubstr("header is damaged"));
}

TEST(Npy, RefusesShapesThatOverflow) {
  for (const char* shape : {"(6000000, 28, 28)", "(4294967296, 4294967296)",
                            "(18446744073709551615, 2)", "(1, 9223372036854775808, 4, 4)"}) {
    EXPECT_THAT(images_error(npy("|u1", shape, "abcd")), HasSubstr("at most 1073741824 bytes"))
        << shape;
  }
  EXPECT_THAT(images_error(npy("|u1", "(18446744073709551616, 2)", "abcd")),
              HasSubstr("header is damaged"));
}

TEST(Npy, RefusesEveryTruncationAndWhatIsTooMuch) {
  const std::string whole = npy("|u1", "(1, 2, 2)", "abcd");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_THAT(images_error(whole.substr(0, size)), HasSubstr("some.npz: x")) << size;
  }
  EXPECT_THAT(images_error(whole.substr(0, whole.size() - 1)), HasSubstr("cut short"));
  EXPECT_THAT(images_error(whole + "e"), HasSubstr("there is more than the array"));
}

TEST(Npy, TakesItsHeaderStrictly) {
  const std::string good = "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 1), }";
  EXPECT_EQ(parse_npy_header(bytes_of(with_dictionary(good + "\n")), "x").shape_text(), "(1, 1)");
  EXPECT_EQ(
      parse_npy_header(
          bytes_of(with_dictionary("{'shape': (7,), 'fortran_order': True, 'descr': '<i4'}  \n")),
          "x")
          .shape_text(),
      "(7,)");
  for (const std::string& bad :
       {std::string("{}\n"), good, good + "x\n", "x" + good + "\n",
        std::string("{'descr': '|u1', 'fortran_order': False}\n"),
        std::string("{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (1,)}\n"),
        std::string("{'descr': '|u1', 'fortran_order': 0, 'shape': (1,)}\n"),
        std::string("{'descr': '|u1', 'fortran_order': False, 'shape': (-1,)}\n"),
        std::string("{'descr': '|u1', 'fortran_order': False, 'shape': (1 1)}\n"),
        std::string("{'descr': '|u1', 'fortran_order': False, 'shape': (1,), 'more': 1}\n"),
        std::string("{'descr': '|u1 'fortran_order': False, 'shape': (1,)}\n")}) {
    EXPECT_THAT(request_error([&] { parse_npy_header(bytes_of(with_dictionary(bad)), "x"); }),
                HasSubstr("header is damaged"))
        << bad;
  }
  EXPECT_THAT(images_error("\x93NUMPY\4\0\1\0\n" + std::string(20, ' ')),
              HasSubstr("version 4; 1 to 3 are read"));
  EXPECT_THAT(images_error("no array at all"), HasSubstr("is no NumPy array"));
}

}  // namespace
}  // namespace normlab
