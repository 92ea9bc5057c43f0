#include "normlab/data/archive.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <zlib.h>

#include "normlab/base/error.h"

namespace normlab {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 18;

/// The bytes of a file with gzip undone. libarchive could do that too, but does not look at gzip's
/// checksum.
class Gunzip {
 public:
  explicit Gunzip(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    stream_.reset(descriptor < 0 ? nullptr : gzdopen(descriptor, "rb"));
    if (!stream_) fail<Error>("{}: cannot be read: {}", file.string(), std::strerror(errno));
    gzbuffer(stream_.get(), kChunk / 2);
  }

  /// libarchive's read callback.
  static la_ssize_t read(archive* reader, void* self, const void** block) {
    return static_cast<Gunzip*>(self)->next(reader, block);
  }

 private:
  struct Close {
    void operator()(gzFile stream) const { gzclose(stream); }
  };

  la_ssize_t next(archive* reader, const void** block) {
    const int count = gzread(stream_.get(), block_.data(), static_cast<unsigned>(block_.size()));
    int code = Z_OK;
    const char* message = gzerror(stream_.get(), &code);
    if (code != Z_OK && code != Z_STREAM_END && count <= 0) {
      const std::string_view told = code == Z_ERRNO ? std::strerror(errno) : message;
      // zlib puts "<fd:4>: " in front of its own messages.
      const std::string reason(told.substr(told.starts_with("<fd:") ? told.find(' ') + 1 : 0));
      archive_set_error(reader, EIO, "gzip: %s", reason.c_str());
      return ARCHIVE_FATAL;
    }
    *block = block_.data();
    return count;
  }

  std::unique_ptr<gzFile_s, Close> stream_;
  std::vector<char> block_ = std::vector<char>(kChunk);
};

/// An archive, or, without a format, a single file seen as an archive of one member.
class Reader {
 public:
  Reader(const std::filesystem::path& file, std::optional<ArchiveFormat> format)
      : name_(file.string()) {
    if (format == ArchiveFormat::zip) {
      // Read by its directory, which is at the end: members before it may lie about their sizes.
      archive_read_support_format_zip_seekable(reader_.get());
      check(archive_read_open_filename(reader_.get(), file.c_str(), kChunk));
      return;
    }
    archive_read_support_filter_xz(reader_.get());
    if (format == ArchiveFormat::tar) {
      archive_read_support_format_tar(reader_.get());
    } else {
      archive_read_support_format_raw(reader_.get());
      archive_read_support_format_empty(reader_.get());
    }
    source_.emplace(file);
    check(archive_read_open(reader_.get(), &*source_, nullptr, &Gunzip::read, nullptr));
  }

  /// The next member, or null after the last.
  archive_entry* next() {
    archive_entry* entry = nullptr;
    return check(archive_read_next_header(reader_.get(), &entry)) == ARCHIVE_EOF ? nullptr : entry;
  }

  /// The current member's bytes, as far as one behind `limit`.
  Bytes read(const SizeLimit& limit) {
    Bytes bytes;
    while (bytes.size() < kHeadBytes && append_to(bytes)) {
    }
    const std::size_t most =
        limit(std::span(bytes).first(std::min(bytes.size(), kHeadBytes))) + std::size_t{1};
    while (bytes.size() < most && append_to(bytes)) {
    }
    bytes.resize(std::min(bytes.size(), most));
    return bytes;
  }

 private:
  struct Free {
    void operator()(archive* reader) const { archive_read_free(reader); }
  };

  /// Appends the current member's next bytes; false at its end.
  bool append_to(Bytes& bytes) {
    const la_ssize_t count = archive_read_data(reader_.get(), block_.data(), block_.size());
    if (count < 0) check(ARCHIVE_FATAL);
    bytes.insert(bytes.end(), block_.begin(), block_.begin() + count);
    return count > 0;
  }

  int check(int status) {
    if (status == ARCHIVE_OK || status == ARCHIVE_EOF) return status;
    const char* reason = archive_error_string(reader_.get());
    fail("{}: damaged or cut short ({})", name_, reason ? reason : "unexpected end of file");
  }

  std::string name_;
  std::optional<Gunzip> source_;
  std::unique_ptr<archive, Free> reader_{archive_read_new()};
  Bytes block_ = Bytes(kChunk);
};

std::string name_of(archive_entry* entry) {
  const char* path = archive_entry_pathname(entry);
  return path ? std::filesystem::path(path).filename().string() : "";
}

}  // namespace

Bytes read_decoded(const std::filesystem::path& file, const SizeLimit& limit) {
  Reader reader(file, std::nullopt);
  return reader.next() == nullptr ? Bytes() : reader.read(limit);
}

std::vector<ArchiveMember> read_members(const std::filesystem::path& file, ArchiveFormat format,
                                        std::span<const std::string> wanted,
                                        const MemberLimit& limit) {
  Reader reader(file, format);
  std::vector<ArchiveMember> members;
  while (archive_entry* entry = reader.next()) {
    const std::string name = name_of(entry);
    if (std::ranges::find(wanted, name) == wanted.end()) continue;
    if (std::ranges::find(members, name, &ArchiveMember::name) != members.end()) {
      fail("{}: holds {} more than once", file.string(), name);
    }
    std::size_t most = 0;
    Bytes bytes =
        reader.read([&](std::span<const std::byte> head) { return most = limit(name, head); });
    if (bytes.size() > most) {
      fail("{}: {} is longer than {} bytes", file.string(), name, most);
    }
    members.push_back({name, std::move(bytes)});
  }
  return members;
}

std::vector<std::string> member_names(const std::filesystem::path& file, ArchiveFormat format) {
  Reader reader(file, format);
  std::vector<std::string> names;
  while (archive_entry* entry = reader.next()) names.push_back(name_of(entry));
  return names;
}

}  // namespace normlab
