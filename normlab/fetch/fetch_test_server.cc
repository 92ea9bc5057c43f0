#include "normlab/fetch/fetch_test_server.h"

#include <stdexcept>
#include <string_view>
#include <tuple>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace normlab::testing_files {
namespace {

/// A socket bound to a free port of the loopback.
std::pair<int, std::uint16_t> bind_loopback() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket, generic, size) != 0 || ::getsockname(socket, generic, &size) != 0) {
    throw std::runtime_error("no port on the loopback");
  }
  return {socket, ntohs(address.sin_port)};
}

std::string receive_head(int connection) {
  std::string head;
  char byte = 0;
  while (!head.ends_with("\r\n\r\n") && ::recv(connection, &byte, 1, 0) == 1) head += byte;
  return head;
}

HttpRequest parse(const std::string& head) {
  const std::size_t path = head.find(' ') + 1;
  HttpRequest request{head.substr(path, head.find(' ', path) - path), std::nullopt};
  const std::string range = "Range: bytes=";
  if (const auto found = head.find(range); found != std::string::npos) {
    request.range_start = std::stoul(head.substr(found + range.size()));
  }
  return request;
}

void send_all(int connection, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void wait_until_closed(int connection) {
  char byte = 0;
  while (::recv(connection, &byte, 1, 0) > 0) {
  }
}

}  // namespace

HttpReply whole_file(const std::string& body) {
  return {"200 OK", {"Content-Length: " + std::to_string(body.size())}, body};
}

HttpReply file_with_ranges(const HttpRequest& request, const std::string& content) {
  if (!request.range_start) return whole_file(content);
  const std::size_t start = *request.range_start;
  HttpReply reply = whole_file(content.substr(start));
  reply.status = "206 Partial Content";
  reply.headers.push_back("Content-Range: bytes " + std::to_string(start) + "-" +
                          std::to_string(content.size() - 1) + "/" +
                          std::to_string(content.size()));
  return reply;
}

HttpTestServer::HttpTestServer(Handler handler) : handler_(std::move(handler)) {
  std::tie(listener_, port_) = bind_loopback();
  ::listen(listener_, 16);
  thread_ = std::thread([this] { serve(); });
}

HttpTestServer::~HttpTestServer() {
  ::shutdown(listener_, SHUT_RDWR);  // wakes accept
  thread_.join();
  ::close(listener_);
}

std::string HttpTestServer::url() const {
  return "http://127.0.0.1:" + std::to_string(port_) + "/";
}

std::vector<HttpRequest> HttpTestServer::requests() const {
  const std::scoped_lock lock(mutex_);
  return requests_;
}

void HttpTestServer::serve() {
  for (int connection = ::accept(listener_, nullptr, nullptr); connection >= 0;
       connection = ::accept(listener_, nullptr, nullptr)) {
    answer(connection);
    ::close(connection);
  }
}

void HttpTestServer::answer(int connection) {
  const HttpRequest request = parse(receive_head(connection));
  {
    const std::scoped_lock lock(mutex_);
    requests_.push_back(request);
  }
  const HttpReply reply = handler_(request);
  std::string head = "HTTP/1.1 " + reply.status + "\r\nConnection: close\r\n";
  for (const std::string& header : reply.headers) head += header + "\r\n";
  send_all(connection, head + "\r\n");
  send_all(connection, reply.body);
  if (reply.stall) wait_until_closed(connection);
}

std::string refused_url() {
  const auto [socket, port] = bind_loopback();
  ::close(socket);
  return "http://127.0.0.1:" + std::to_string(port) + "/";
}

}  // namespace normlab::testing_files
