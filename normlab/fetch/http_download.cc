#include "normlab/fetch/http_download.h"

#include <array>
#include <charconv>
#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>

#include <curl/curl.h>

#include "normlab/base/error.h"

namespace normlab {
namespace {

constexpr std::uint64_t kStallBytesPerSecond = 100;
constexpr long kOk = 200;
constexpr long kPartialContent = 206;
constexpr long kRangeNotSatisfiable = 416;

using Clock = std::chrono::steady_clock;

struct Free {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using Handle = std::unique_ptr<CURL, Free>;

Handle new_handle() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  Handle handle(curl_easy_init());
  if (!handle) fail<Error>("libcurl could not be started");
  return handle;
}

long response_code(CURL* handle) {
  long code = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &code);
  return code;
}

/// The first byte that a partial answer holds, -1 when it does not say.
std::int64_t range_start(CURL* handle) {
  curl_header* header = nullptr;
  if (curl_easy_header(handle, "Content-Range", 0, CURLH_HEADER, -1, &header) != CURLHE_OK) {
    return -1;
  }
  constexpr std::string_view kUnit = "bytes ";
  std::string_view value = header->value;
  std::int64_t start = -1;
  if (!value.starts_with(kUnit)) return start;
  value.remove_prefix(kUnit.size());
  std::from_chars(value.data(), value.data() + value.size(), start);
  return start;
}

/// One request and what became of it.
class Transfer {
 public:
  Transfer(PartFile& part, std::uint64_t expected_bytes, const HttpLimits& limits,
           const std::function<void(std::uint64_t)>& progress)
      : part_(part),
        expected_(expected_bytes),
        asked_from_(part.size()),
        limits_(limits),
        progress_(progress) {}

  std::string run(const std::string& url) {
    configure(url);
    const CURLcode result = curl_easy_perform(handle_.get());
    if (failure_) std::rethrow_exception(failure_);
    if (!problem_.empty()) return problem_;
    if (result == CURLE_PARTIAL_FILE)
      return fmt::format("ends after {} of {} bytes", part_.size(), expected_);
    if (result != CURLE_OK) return message_[0] ? message_.data() : curl_easy_strerror(result);
    if (!judged_) judge_answer();  // there was no body
    return problem_;
  }

 private:
  void configure(const std::string& url) {
    CURL* handle = handle_.get();
    curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(handle, CURLOPT_MAXREDIRS, 5L);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_USERAGENT, "normlab");
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, long{limits_.connect_seconds});
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, &Transfer::on_second);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, this);
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, message_.data());
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &Transfer::on_bytes);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, this);
    if (asked_from_ > 0) {
      curl_easy_setopt(handle, CURLOPT_RANGE, fmt::format("{}-", asked_from_).c_str());
    }
  }

  static std::size_t on_bytes(char* data, std::size_t, std::size_t size, void* self) {
    Transfer& transfer = *static_cast<Transfer*>(self);
    try {
      return transfer.accept(std::as_bytes(std::span(data, size))) ? size : 0;
    } catch (...) {
      transfer.failure_ = std::current_exception();
      return 0;  // fewer bytes than there were: curl gives up
    }
  }

  /// Called about once a second; curl gives up when it is not 0. Unlike curl's own limit, whose
  /// speed is a mean over some seconds, this one sees a stall right after a fast start.
  static int on_second(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    Transfer& transfer = *static_cast<Transfer*>(self);
    const int seconds = transfer.limits_.stall_seconds;
    if (Clock::now() - transfer.watched_since_ < std::chrono::seconds(seconds)) return 0;
    const std::uint64_t received = std::exchange(transfer.received_, 0);
    transfer.watched_since_ = Clock::now();
    if (received >= kStallBytesPerSecond * static_cast<std::uint64_t>(seconds)) return 0;
    transfer.problem_ = fmt::format("stalled: {} bytes in {} seconds", received, seconds);
    return 1;
  }

  bool accept(std::span<const std::byte> bytes) {
    if (!judged_) judge_answer();
    if (!problem_.empty()) return false;
    if (part_.size() + bytes.size() > expected_) {
      problem_ = fmt::format("sends more than the {} bytes expected", expected_);
      part_.restart();
      return false;
    }
    part_.append(bytes);
    received_ += bytes.size();
    if (progress_) progress_(part_.size());
    return true;
  }

  /// Looks at status and headers before the first byte is stored; sets `problem_` when the body is
  /// not wanted.
  void judge_answer() {
    judged_ = true;
    const long code = response_code(handle_.get());
    if (code == kRangeNotSatisfiable) part_.restart();
    if (code != kOk && code != kPartialContent) {
      problem_ = fmt::format("answers with HTTP status {}", code);
    } else if (code == kPartialContent && range_start(handle_.get()) != std::int64_t(asked_from_)) {
      problem_ = "answers with another range than the one asked for";
    } else {
      check_length(code == kOk ? expected_ : expected_ - asked_from_);
      if (problem_.empty() && code == kOk) part_.restart();
    }
  }

  void check_length(std::uint64_t wanted) {
    curl_off_t announced = -1;
    curl_easy_getinfo(handle_.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
    if (announced >= 0 && static_cast<std::uint64_t>(announced) != wanted) {
      problem_ = fmt::format("announces {} bytes; expected {}", announced, wanted);
    }
  }

  PartFile& part_;
  std::uint64_t expected_;
  std::uint64_t asked_from_;
  HttpLimits limits_;
  const std::function<void(std::uint64_t)>& progress_;
  Handle handle_ = new_handle();
  std::array<char, CURL_ERROR_SIZE> message_{};
  Clock::time_point watched_since_ = Clock::now();
  std::uint64_t received_ = 0;  ///< since then
  bool judged_ = false;
  std::string problem_;
  std::exception_ptr failure_;
};

}  // namespace

std::string http_download(const std::string& url, PartFile& part, std::uint64_t expected_bytes,
                          const HttpLimits& limits,
                          const std::function<void(std::uint64_t)>& progress) {
  return Transfer(part, expected_bytes, limits, progress).run(url);
}

}  // namespace normlab
