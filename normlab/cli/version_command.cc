#include "normlab/cli/version_command.h"

#include <string_view>
#include <vector>

#include "git_state.h"
#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <hwy/highway.h>
#include <nlohmann/json.hpp>
#include <oneapi/dnnl/dnnl.h>

#include "normlab/cli/environment.h"
#include "normlab/cli/output.h"
#include "normlab/kernels/isa.h"
#include "normlab/lab/trial_id.h"

namespace normlab {
namespace {

std::string list_isas() {
  std::string list;
  for (const Isa isa : supported_isas())
    list += fmt::format("{}{}", list.empty() ? "" : ", ", to_string(isa));
  return list;
}

}  // namespace

std::string describe_version() {
  const dnnl_version_t& dnnl = *dnnl_version();
  return fmt::format(
      "normlab {} ({}, {}; git {})\n"
      "instruction set: {} (of {}; NORMLAB_ISA chooses)\n"
      "precision=bf16: {}\n"
      "libraries: oneDNN {}.{}.{}, Highway {}.{}.{}, fmt {}.{}.{}, nlohmann-json {}.{}.{}, CLI11 "
      "{}\n"
      "numerics: {}\n",
      NORMLAB_VERSION, NORMLAB_BUILD_TYPE, describe_compiler(), kGitState, to_string(current_isa()),
      list_isas(), has_bf16() ? "yes, AVX512-BF16" : "no, it needs AVX512-BF16", dnnl.major,
      dnnl.minor, dnnl.patch, HWY_MAJOR, HWY_MINOR, HWY_PATCH, FMT_VERSION / 10000,
      FMT_VERSION / 100 % 100, FMT_VERSION % 100, NLOHMANN_JSON_VERSION_MAJOR,
      NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH, CLI11_VERSION, kNumericsVersion);
}

void add_version_command(CLI::App& root) {
  CLI::App* command = root.add_subcommand("version", "Show version, instruction set and libraries");
  command->callback([] { write_output(describe_version()); });
  root.add_flag_callback(
      "--version", [] { throw CLI::CallForVersion(describe_version(), 0); },
      "The same as the command version");
}

}  // namespace normlab
