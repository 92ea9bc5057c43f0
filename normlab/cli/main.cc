#include <csignal>
#include <cstdlib>
#include <memory>

#include "normlab/cli/bench_command.h"
#include "normlab/cli/command_line.h"
#include "normlab/cli/data_command.h"
#include "normlab/cli/list_command.h"
#include "normlab/cli/model_command.h"
#include "normlab/cli/report_command.h"
#include "normlab/cli/run_command.h"
#include "normlab/cli/show_command.h"
#include "normlab/cli/version_command.h"
#include "normlab/kernels/isa.h"

namespace {

constexpr const char* kExamples = R"(Examples:
  normlab run mlp-128-64                      with against without batch normalization
  normlab run mlp-128-64 --data mnist --json  on real data, the result as JSON
  normlab list                                what was run
  normlab report mlp-128-64 -o table.tex      the latest run of that name as a LaTeX table
  normlab model cnn-32                        what a model looks like
  normlab data list                           which data sets there are
  normlab bench                               how near this machine's limits it works

Each command has its own --help. NORMLAB_ISA chooses the instruction set, NORMLAB_DATA
the folder where data sets are looked for.)";

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error of the write, and reported
  return normlab::exit_status_of([&] {
    const char* isa = std::getenv("NORMLAB_ISA");
    normlab::select_isa(isa != nullptr ? isa : "");
    CLI::App app("A laboratory for batch normalization", "normlab");
    app.formatter(std::make_shared<normlab::HelpFormatter>());
    app.require_subcommand(0, 1);
    app.footer(kExamples);
    normlab::add_run_command(app);
    normlab::add_list_command(app);
    normlab::add_show_command(app);
    normlab::add_report_command(app);
    normlab::add_model_command(app);
    normlab::add_data_command(app);
    normlab::add_bench_command(app);
    normlab::add_version_command(app);
    normlab::parse_command_line(app, argc, argv);
  });
}
