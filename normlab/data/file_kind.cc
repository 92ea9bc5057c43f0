#include "normlab/data/file_kind.h"

#include <algorithm>
#include <array>

#include "normlab/base/error.h"
#include "normlab/data/archive.h"

namespace normlab {
namespace {

using namespace std::string_view_literals;

struct Signature {
  FileKind kind;
  std::size_t offset;
  std::string_view bytes;
};

constexpr std::array kSignatures{
    Signature{FileKind::zip, 0, "PK\x03\x04"sv},
    Signature{FileKind::zip, 0, "PK\x05\x06"sv},  // without members
    Signature{FileKind::npy, 0, "\x93NUMPY"sv},
    Signature{FileKind::tar, 257, "ustar"sv},
    Signature{FileKind::png, 0, "\x89PNG\r\n\x1a\n"sv},
    Signature{FileKind::jpeg, 0, "\xff\xd8\xff"sv},
    Signature{FileKind::other_picture, 0, "GIF8"sv},
    Signature{FileKind::other_picture, 8, "WEBP"sv},
    Signature{FileKind::other_picture, 0, "II*\0"sv},
    Signature{FileKind::other_picture, 0, "MM\0*"sv},
    Signature{FileKind::pickle, 0, "\x80\x02"sv},
    Signature{FileKind::pickle, 0, "\x80\x03"sv},
    Signature{FileKind::pickle, 0, "\x80\x04"sv},
    Signature{FileKind::pickle, 0, "\x80\x05"sv},
    Signature{FileKind::hdf5, 0, "\x89HDF\r\n\x1a\n"sv},
    Signature{FileKind::parquet, 0, "PAR1"sv},
    Signature{FileKind::matlab, 0, "MATLAB "sv},
    Signature{FileKind::html, 0, "<!DOCTYPE"sv},
    Signature{FileKind::html, 0, "<!doctype"sv},
    Signature{FileKind::html, 0, "<html"sv},
};

bool is_idx(std::string_view head) {
  return head.size() >= 4 && head.starts_with("\0\0"sv) && head[2] >= 0x08 && head[2] <= 0x0e &&
         head[3] >= 1 && head[3] <= 4;
}

/// Also UTF-8 beyond ASCII.
bool is_text(std::string_view head) {
  return std::ranges::all_of(head, [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\r' || c == '\t';
  });
}

}  // namespace

FileKind kind_of_content(std::span<const std::byte> head) {
  const std::string_view text(reinterpret_cast<const char*>(head.data()),
                              std::min(head.size(), kKindBytes));
  if (text.empty()) return FileKind::empty;
  for (const Signature& s : kSignatures) {
    if (text.size() > s.offset && text.substr(s.offset).starts_with(s.bytes)) return s.kind;
  }
  if (is_idx(text)) return FileKind::idx;
  return is_text(text) ? FileKind::text : FileKind::unknown;
}

FileKind kind_of_file(const std::filesystem::path& file) {
  try {
    return kind_of_content(read_decoded(file, [](auto) { return kKindBytes - 1; }));
  } catch (const Error&) {
    return FileKind::unknown;
  }
}

std::string_view describe(FileKind kind) {
  switch (kind) {
    case FileKind::unknown:
      return "a file of a kind that is not known here";
    case FileKind::empty:
      return "an empty file";
    case FileKind::text:
      return "a text file";
    case FileKind::idx:
      return "an IDX file";
    case FileKind::zip:
      return "a zip archive";
    case FileKind::npy:
      return "a single NumPy array";
    case FileKind::tar:
      return "a tar archive";
    case FileKind::png:
    case FileKind::jpeg:
    case FileKind::other_picture:
      return "a picture";
    case FileKind::pickle:
      return "a Python pickle";
    case FileKind::hdf5:
      return "an HDF5 file";
    case FileKind::parquet:
      return "a Parquet file";
    case FileKind::matlab:
      return "a MATLAB file";
    case FileKind::html:
      return "an HTML page";
  }
  return "";
}

std::string way_on(FileKind kind) {
  const std::string save =
      "save it from Python as an .npz, numpy.savez_compressed('data.npz', x_train=..., "
      "y_train=..., x_test=..., y_test=...), and give --data data.npz";
  switch (kind) {
    case FileKind::zip:
    case FileKind::tar:
      return "unpack it and name the folder with --data; what is read without unpacking are .npz "
             "files and CIFAR's own archives, cifar-10-binary.tar.gz and cifar-100-binary.tar.gz";
    case FileKind::png:
    case FileKind::jpeg:
      return "name the folder that has a folder of pictures for each class";
    case FileKind::other_picture:
      return "PNG and JPEG are read, in a folder for each class";
    case FileKind::pickle:
      return "a pickle is a program for Python, which this program does not run; " + save;
    case FileKind::npy:
    case FileKind::hdf5:
    case FileKind::parquet:
    case FileKind::matlab:
      return save;
    case FileKind::idx:
      return "IDX files come in four, train-images-idx3-ubyte, train-labels-idx1-ubyte, "
             "t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte";
    case FileKind::html:
      return "it looks like a download that went wrong: download the file again";
    case FileKind::text:
      return "tables are read in pairs, X_train.csv beside X_test.csv, the label in the first "
             "column";
    default:
      return "docs/data.md lists what is read";
  }
}

}  // namespace normlab
