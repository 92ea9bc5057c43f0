#include "normlab/kernels/isa.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <oneapi/dnnl/dnnl.h>

#include "normlab/base/error.h"
#include "normlab/kernels/onednn.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "normlab/kernels/isa.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace normlab::HWY_NAMESPACE {

std::int64_t compiled_target() {
  return HWY_TARGET;
}

}  // namespace normlab::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace normlab {
namespace {

HWY_EXPORT(compiled_target);

struct Entry {
  Isa isa;
  std::string_view name;
  std::int64_t target;  ///< Highway's bit
  dnnl_cpu_isa_t onednn;
};

constexpr std::array kEntries = {
    Entry{Isa::sse4, "sse4", HWY_SSE4, dnnl_cpu_isa_sse41},
    Entry{Isa::avx2, "avx2", HWY_AVX2, dnnl_cpu_isa_avx2},
    // With bf16 where the processor has it, for precision=bf16: oneDNN's float kernels ask for no
    // more than avx512_core up to here.
    Entry{Isa::avx512, "avx512", HWY_AVX3, dnnl_cpu_isa_avx512_core_bf16},
    // Which of the NEON variants is compiled depends on Highway's version; there is only one at a
    // time.
    Entry{Isa::neon, "neon", HWY_ARCH_X86 ? HWY_NEON : HWY_STATIC_TARGET, kernels::onednn::kAnyIsa},
};

const Entry& entry(Isa isa) {
  return kEntries.at(static_cast<std::size_t>(isa));
}

std::vector<Isa> detect() {
  // The baseline is what the whole program is compiled for: it runs wherever we got this far.
  const std::int64_t runnable = (HWY_SUPPORTED_TARGETS | HWY_STATIC_TARGET) & HWY_TARGETS;
  std::vector<Isa> found;
  for (const Entry& e : kEntries) {
    if ((e.target & runnable) != 0) found.push_back(e.isa);
  }
  return found;
}

const Entry& find_supported(std::string_view name) {
  std::string choices;
  for (const Isa isa : supported_isas()) {
    if (to_string(isa) == name) return entry(isa);
    choices += choices.empty() ? "" : ", ";
    choices += to_string(isa);
  }
  for (const Entry& e : kEntries) {
    if (e.name == name) {
      fail("instruction set '{}': this machine or this build lacks it; it has {}", name, choices);
    }
  }
  fail("instruction set '{}': unknown; this machine has {}", name, choices);
}

}  // namespace

std::string_view to_string(Isa isa) {
  return entry(isa).name;
}

std::span<const Isa> supported_isas() {
  static const std::vector<Isa> supported = detect();
  return supported;
}

void select_isa(std::string_view name) {
  const Entry& chosen = name.empty() ? entry(supported_isas().back()) : find_supported(name);
  hwy::SetSupportedTargetsForTest(chosen.target);
  hwy::GetChosenTarget().Update(chosen.target);
  // Also when it is this machine's widest: on a machine that has more, the same name must give the
  // same bits. The status tells of an oneDNN already in use, or one built without this control.
  static_cast<void>(dnnl_set_max_cpu_isa(chosen.onednn));
}

Isa current_isa() {
  const std::int64_t target = HWY_DYNAMIC_DISPATCH(compiled_target)();
  for (const Entry& e : kEntries) {
    if (e.target == target) return e.isa;
  }
  fail<Error>("kernels run on Highway's target {}, which has no name here", target);
}

bool has_bf16() {
  constexpr int kNeeded = dnnl_cpu_isa_avx512_core_bf16;  // a bit for each extension
  return HWY_ARCH_X86 && (dnnl_get_effective_cpu_isa() & kNeeded) == kNeeded;
}

}  // namespace normlab
#endif  // HWY_ONCE
