#include "normlab/cli/data_command.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "normlab/base/error.h"
#include "normlab/cli/data_text.h"
#include "normlab/cli/fetch_progress.h"
#include "normlab/cli/option_values.h"
#include "normlab/cli/output.h"
#include "normlab/cli/terminal.h"
#include "normlab/data/load.h"
#include "normlab/data/locate.h"
#include "normlab/data/verify.h"
#include "normlab/fetch/fetch_set.h"

namespace normlab {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

void info(const Names& names) {
  for (const std::string& name : names) {
    const Dataset data = load_dataset(name);
    write_warnings(data.warnings);
    write_output(data_info_text(data));
  }
}

void verify(const Names& names) {
  std::size_t bad = 0;
  for (const std::string& name : names) {
    if (name == kGlyphs) fail("glyphs are drawn by the program itself; there is no file to verify");
    const std::vector<FileCheck> checks = verify_dataset(locate_dataset(name).place);
    write_output(data_verify_text(checks));
    bad +=
        static_cast<std::size_t>(std::ranges::count(checks, FileStatus::bad, &FileCheck::status));
  }
  if (bad > 0) fail<Error>("{} {} damaged", bad, bad == 1 ? "file is" : "files are");
}

struct FetchRequest {
  Names names;
  std::string to;
  std::vector<std::string> mirrors;
  int stall_seconds = HttpLimits{}.stall_seconds;
};

void fetch(const FetchRequest& request) {
  for (const std::string& name : request.names)
    fetchable_set(name);  // all wrong names before any download
  for (const std::string& name : request.names) {
    const SetFetch result = fetch_with_progress(
        fetchable_set(name),
        {.folder = request.to.empty() ? fs::path() : fs::path(request.to) / name,
         .mirrors = request.mirrors,
         .limits = {.stall_seconds = request.stall_seconds}});
    const auto [downloaded, kept] = result.files;
    write_output(fmt::format("{}: {} {} in {}, verified ({} downloaded, {} already there)\n", name,
                             downloaded + kept, downloaded + kept == 1 ? "file" : "files",
                             result.folder.string(), downloaded, kept));
  }
}

void add_list(CLI::App& data) {
  data.add_subcommand("list", "The data sets that have a name, and where each one is")
      ->callback([] { write_output(data_list_text()); });
}

void add_info(CLI::App& data) {
  auto names = std::make_shared<Names>();
  CLI::App* command =
      data.add_subcommand("info", "What it is, in which format it was found, shape, classes");
  command->add_option("NAME", *names, "A data set's name, its file or its folder")->required();
  command->footer("Example: normlab data info mnist");
  command->callback([names] { info(*names); });
}

void add_verify(CLI::App& data) {
  auto names = std::make_shared<Names>();
  CLI::App* command =
      data.add_subcommand("verify", "Compare the SHA-256 of every file with the published one");
  command->add_option("NAME", *names, "A data set's name, its file or its folder")->required();
  command->footer(
      "Prints OK, BAD or unknown for each file; exit status 1 when one is BAD. Files packed "
      "otherwise\n"
      "than published (.xz, unpacked) are compared by their content.\n"
      "Example: normlab data verify mnist ~/data/cifar10");
  command->callback([names] { verify(*names); });
}

void add_fetch(CLI::App& data) {
  auto request = std::make_shared<FetchRequest>();
  CLI::App* command = data.add_subcommand("fetch", "Download data sets from their public mirrors");
  command->add_option("NAME", request->names, "mnist, fashion-mnist, cifar10 or cifar100")
      ->required();
  command
      ->add_option("--to", request->to,
                   "Put the files into DIR/NAME instead of the cache, ~/.cache/normlab/NAME")
      ->type_name("DIR");
  command
      ->add_option("--mirror", request->mirrors,
                   "Download from this URL of a folder instead; may be given several times")
      ->type_name("URL")
      ->expected(1)
      ->take_all();
  add_whole_option(*command, "--stall-seconds", request->stall_seconds, {.low = 1, .high = 3600},
                   "Go on to the next mirror after so many seconds without data")
      ->option_text(fmt::format("N ({})", request->stall_seconds));
  command->footer(
      "An interrupted download goes on where it stopped when the command is repeated. Every file "
      "is\n"
      "verified (SHA-256) before it gets its name.\n"
      "Examples: normlab data fetch mnist\n"
      "          normlab data fetch mnist cifar10 --to data && NORMLAB_DATA=data normlab data "
      "list");
  command->callback([request] { fetch(*request); });
}

}  // namespace

CLI::App* add_data_command(CLI::App& root) {
  CLI::App* data = root.add_subcommand("data", "List, inspect, verify and download data sets");
  data->footer(
      "A data set is looked for as a file or folder of that name, in $NORMLAB_DATA and in the "
      "cache.\n"
      "IDX, .npz, CSV and CIFAR files are read, and a folder of PNG or JPEG pictures for each "
      "class.");
  data->require_subcommand(0, 1);
  data->callback([data] {
    if (data->get_subcommands().empty()) {
      fail("normlab data: which command? One of list, info, verify, fetch ('normlab data --help')");
    }
  });
  add_list(*data);
  add_info(*data);
  add_verify(*data);
  add_fetch(*data);
  return data;
}

}  // namespace normlab
