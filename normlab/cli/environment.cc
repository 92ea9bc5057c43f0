#include "normlab/cli/environment.h"

#include <fstream>
#include <string_view>
#include <thread>

#include "git_state.h"
#include <fmt/core.h>
#include <hwy/highway.h>
#include <nlohmann/json.hpp>
#include <oneapi/dnnl/dnnl.h>

#include "normlab/kernels/isa.h"
#include "normlab/lab/trial_id.h"

namespace normlab {
namespace {

/// As the system names it; "unknown" where it does not.
std::string processor() {
  constexpr std::string_view kKey = "model name";
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with(kKey) && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

}  // namespace

std::string program_version() {
  return NORMLAB_VERSION;
}

std::string describe_compiler() {
#if defined(__clang__)
  return fmt::format("Clang {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#else
  return fmt::format("GCC {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
}

std::string describe_environment() {
  const dnnl_version_t& dnnl = *dnnl_version();
  return nlohmann::ordered_json{
      {"normlab", program_version()},
      {"build", NORMLAB_BUILD_TYPE},
      {"git", kGitState},
      {"compiler", describe_compiler()},
      {"numerics", kNumericsVersion},
      {"instruction_set", to_string(current_isa())},
      {"processor", processor()},
      {"cores", std::thread::hardware_concurrency()},
      {"onednn", fmt::format("{}.{}.{}", dnnl.major, dnnl.minor, dnnl.patch)},
      {"highway", fmt::format("{}.{}.{}", HWY_MAJOR, HWY_MINOR, HWY_PATCH)}}
      .dump();
}

}  // namespace normlab
