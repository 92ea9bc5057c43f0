#include "normlab/nn/safetensors.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <numeric>
#include <set>
#include <system_error>
#include <type_traits>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "normlab/base/atomic_write.h"
#include "normlab/base/error.h"
#include "normlab/nn/half_float.h"
#include "normlab/nn/safetensors_header.h"

static_assert(std::endian::native == std::endian::little,
              "values are stored as they lie in memory");

namespace normlab {
namespace {

using safetensors::Entry;

constexpr std::size_t kLengthBytes = 8;
constexpr std::uint64_t kLongestHeader = 100'000'000;  // the reference reader's bound

template <class T>
constexpr std::string_view dtype_name() {
  if constexpr (std::is_same_v<T, float>) return "F32";
  if constexpr (std::is_same_v<T, double>) return "F64";
  if constexpr (std::is_same_v<T, std::int64_t>) return "I64";
}

std::uint64_t multiply_capped(std::uint64_t a, std::uint64_t b) {
  std::uint64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

/// Number of elements, UINT64_MAX when it does not fit.
std::uint64_t element_count(const Entry& entry) {
  if (std::find(entry.shape.begin(), entry.shape.end(), 0U) != entry.shape.end()) return 0;
  return std::accumulate(entry.shape.begin(), entry.shape.end(), std::uint64_t{1}, multiply_capped);
}

template <class T>
std::vector<T> copy_values(const Entry& entry, std::span<const std::byte> data,
                           std::string_view origin) {
  const std::uint64_t bytes = multiply_capped(element_count(entry), sizeof(T));
  const bool shape_fits = std::ranges::all_of(entry.shape, [](auto n) { return n <= INT64_MAX; });
  if (bytes != entry.last - entry.first || !shape_fits) {
    fail("{}: tensor '{}' of shape [{}] and type {} does not fit its {} bytes", origin, entry.name,
         fmt::join(entry.shape, ", "), entry.dtype, entry.last - entry.first);
  }
  std::vector<T> values(bytes / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), data.data() + entry.first, bytes);
  return values;
}

template <class T>
Tensor make_tensor(const Entry& entry, std::span<const std::byte> data, std::string_view origin) {
  return {
      entry.name, {entry.shape.begin(), entry.shape.end()}, copy_values<T>(entry, data, origin)};
}

/// A 16-bit tensor as the floats that it means.
template <class Widen>
Tensor widen_tensor(const Entry& entry, std::span<const std::byte> data, std::string_view origin,
                    Widen widen) {
  const auto halves = copy_values<std::uint16_t>(entry, data, origin);
  std::vector<float> values(halves.size());
  std::ranges::transform(halves, values.begin(), widen);
  return {entry.name, {entry.shape.begin(), entry.shape.end()}, std::move(values)};
}

Tensor read_tensor(const Entry& entry, std::span<const std::byte> data, std::string_view origin) {
  if (entry.dtype == "F16") return widen_tensor(entry, data, origin, widen_f16);
  if (entry.dtype == "BF16") return widen_tensor(entry, data, origin, widen_bf16);
  if (entry.dtype == dtype_name<float>()) return make_tensor<float>(entry, data, origin);
  if (entry.dtype == dtype_name<double>()) return make_tensor<double>(entry, data, origin);
  if (entry.dtype == dtype_name<std::int64_t>()) {
    return make_tensor<std::int64_t>(entry, data, origin);
  }
  fail(
      "{}: tensor '{}' has type '{}'; F16, BF16, F32, F64 and I64 can be read: convert it before "
      "saving",
      origin, entry.name, entry.dtype);
}

/// Sorts by place and makes sure that the tensors cover the data once, without gaps.
void order_by_place(std::vector<Entry>& entries, std::uint64_t data_bytes,
                    std::string_view origin) {
  std::ranges::sort(entries, {}, [](const Entry& e) { return std::pair(e.first, e.last); });
  std::uint64_t end = 0;
  for (const Entry& entry : entries) {
    if (entry.first != end || entry.last < entry.first || entry.last > data_bytes) {
      fail(
          "{}: tensor '{}' lies at bytes {} to {} of {}, where a tensor that starts at {} was "
          "expected: the file is damaged or cut short",
          origin, entry.name, entry.first, entry.last, data_bytes, end);
    }
    end = entry.last;
  }
  if (end != data_bytes) {
    fail("{}: {} bytes follow the last tensor, none should", origin, data_bytes - end);
  }
}

/// Larger elements first, so that each kind starts at a multiple of its size.
std::vector<const Tensor*> in_file_order(const std::vector<Tensor>& tensors) {
  std::vector<const Tensor*> order;
  for (const Tensor& tensor : tensors) order.push_back(&tensor);
  std::stable_partition(order.begin(), order.end(), [](const Tensor* t) {
    return !std::holds_alternative<std::vector<float>>(t->values);
  });
  return order;
}

Entry entry_of(const Tensor& tensor, std::uint64_t first) {
  Entry entry{.name = tensor.name,
              .dtype = {},
              .shape = {tensor.shape.begin(), tensor.shape.end()},
              .first = first,
              .last = first};
  std::visit(
      [&entry]<class T>(const std::vector<T>& values) {
        entry.dtype = dtype_name<T>();
        entry.last += values.size() * sizeof(T);
      },
      tensor.values);
  if (element_count(entry) != static_cast<std::uint64_t>(tensor.size())) {
    fail("tensor '{}' of shape [{}] holds {} values", tensor.name, fmt::join(tensor.shape, ", "),
         tensor.size());
  }
  return entry;
}

}  // namespace

std::int64_t Tensor::size() const {
  return std::visit([](const auto& v) { return static_cast<std::int64_t>(v.size()); }, values);
}

const Tensor* TensorFile::find(std::string_view name) const {
  const auto found = std::ranges::find(tensors, name, &Tensor::name);
  return found == tensors.end() ? nullptr : &*found;
}

std::vector<float> to_floats(const Tensor& tensor) {
  if (const auto* floats = std::get_if<std::vector<float>>(&tensor.values)) return *floats;
  const auto* doubles = std::get_if<std::vector<double>>(&tensor.values);
  if (doubles == nullptr)
    fail("tensor '{}' holds integers, where F32 or F64 was expected", tensor.name);
  std::vector<float> floats(doubles->size());
  std::ranges::transform(*doubles, floats.begin(), [](double v) { return static_cast<float>(v); });
  return floats;
}

TensorFile parse_safetensors(std::span<const std::byte> bytes, std::string_view origin) {
  if (bytes.size() < kLengthBytes) {
    fail("{}: {} bytes are too few for a safetensors file", origin, bytes.size());
  }
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), kLengthBytes);
  const std::span<const std::byte> rest = bytes.subspan(kLengthBytes);
  if (length > kLongestHeader || length > rest.size()) {
    fail(
        "{}: not a safetensors file, or cut short: it announces a header of {} bytes, at most {} "
        "are possible",
        origin, length, std::min<std::uint64_t>(kLongestHeader, rest.size()));
  }
  const auto header_length = static_cast<std::size_t>(length);
  const std::string_view text(reinterpret_cast<const char*>(rest.data()), header_length);
  safetensors::Header header = safetensors::parse_header(text, origin);
  const std::span<const std::byte> data = rest.subspan(header_length);
  order_by_place(header.entries, data.size(), origin);

  TensorFile file;
  file.metadata = std::move(header.metadata);
  file.tensors.reserve(header.entries.size());
  for (const Entry& entry : header.entries) {
    file.tensors.push_back(read_tensor(entry, data, origin));
  }
  return file;
}

TensorFile read_safetensors(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (!in || error) {
    fail("{}: cannot be read: {}", path.string(), error ? error.message() : std::strerror(errno));
  }
  std::vector<std::byte> bytes(size);
  if (!in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size))) {
    fail<Error>("{}: reading stopped after {} of {} bytes", path.string(), in.gcount(), size);
  }
  return parse_safetensors(bytes, path.string());
}

std::vector<std::byte> format_safetensors(const TensorFile& file) {
  const std::vector<const Tensor*> order = in_file_order(file.tensors);
  safetensors::Header header{.entries = {}, .metadata = file.metadata};
  std::set<std::string_view> names{"__metadata__"};
  std::uint64_t end = 0;
  for (const Tensor* tensor : order) {
    if (!names.insert(tensor->name).second) fail("tensor name '{}' is taken", tensor->name);
    header.entries.push_back(entry_of(*tensor, end));
    end = header.entries.back().last;
  }
  std::string text = safetensors::format_header(header);
  text.resize((text.size() + 7) / 8 * 8, ' ');

  std::vector<std::byte> bytes(kLengthBytes + text.size() + end);
  const std::uint64_t length = text.size();
  std::memcpy(bytes.data(), &length, kLengthBytes);
  std::memcpy(bytes.data() + kLengthBytes, text.data(), text.size());
  std::byte* place = bytes.data() + kLengthBytes + text.size();
  for (const Tensor* tensor : order) {
    std::visit(
        [&place](const auto& values) {
          const auto raw = std::as_bytes(std::span(values));
          place = std::ranges::copy(raw, place).out;
        },
        tensor->values);
  }
  return bytes;
}

void write_safetensors(const std::filesystem::path& path, const TensorFile& file,
                       Durability durability) {
  write_atomically(path, format_safetensors(file), durability);
}

}  // namespace normlab
