// Any text either is refused with RequestError or is a model whose shapes fit; written again, it is
// the same model.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "normlab/base/error.h"
#include "normlab/nn/model_spec.h"
#include "normlab/nn/network.h"

namespace {

template <class Parse>
void try_model(Parse parse) {
  try {
    const normlab::ModelSpec model = parse();
    const normlab::Shape input = model.input.value_or(normlab::Shape{28, 28, 1});
    const normlab::NetworkSummary summary = normlab::summarize(model, input, {}, 64);
    const normlab::ModelSpec again = normlab::parse_model_text(normlab::to_text(model));
    if (normlab::summarize(again, input, {}, 64).parameters != summary.parameters) std::abort();
  } catch (const normlab::RequestError&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try_model([&] { return normlab::parse_model_text(text); });
  try_model([&] { return normlab::parse_model_toml(text, "input"); });
  return 0;
}
