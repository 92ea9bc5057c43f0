#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace normlab::testing_files {

struct HttpRequest {
  std::string path;
  std::optional<std::size_t> range_start;  ///< of "Range: bytes=START-"
};

struct HttpReply {
  std::string status = "200 OK";
  std::vector<std::string> headers;
  std::string body;
  bool stall = false;  ///< keep the connection open in silence after the body
};

/// A reply with the length of `body` in its header.
HttpReply whole_file(const std::string& body);
/// Status 206 with the rest of `content` for a request with a range, all of it for one without.
HttpReply file_with_ranges(const HttpRequest& request, const std::string& content);

/// An HTTP server on the loopback, one connection at a time, until its destruction.
class HttpTestServer {
 public:
  using Handler = std::function<HttpReply(const HttpRequest&)>;

  explicit HttpTestServer(Handler handler);
  ~HttpTestServer();
  HttpTestServer(const HttpTestServer&) = delete;
  HttpTestServer& operator=(const HttpTestServer&) = delete;

  /// "http://127.0.0.1:PORT/".
  std::string url() const;
  std::vector<HttpRequest> requests() const;

 private:
  void serve();
  void answer(int connection);

  Handler handler_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::vector<HttpRequest> requests_;
  std::thread thread_;
};

/// A URL of the loopback at which nothing listens.
std::string refused_url();

}  // namespace normlab::testing_files
