#include "normlab/bench/json.h"

#include "normlab/bench/benchmark.h"

namespace normlab::bench {
namespace {

using Json = nlohmann::ordered_json;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

/// Adds what is known of a median's certainty beside it.
void add_spread(Json& object, const Spread& spread) {
  object["n"] = spread.n;
  object["quartiles"] = {spread.q1, spread.q3};
  object["range"] = {spread.low, spread.high};
}

Json limits_json(const LimitsResult& limits) {
  Json by_isa = Json::object();
  for (const auto& [isa, gflops] : limits.fma_gflops_by_isa) by_isa[isa] = gflops;
  Json bandwidth = Json::array();
  for (const Bandwidth& b : limits.bandwidth) {
    bandwidth.push_back({{"mix", to_string(b.mix)},
                         {"working_set_bytes", b.working_set},
                         {"gb_per_s", b.bytes_per_second / 1e9}});
  }
  return {{"fma_gflops_per_core", limits.fma_gflops_per_core},
          {"bandwidth_gb_per_s", limits.bandwidth_gb_per_s},
          {"fma_gflops_by_instruction_set", by_isa},
          {"bandwidth", bandwidth}};
}

Json kernel_json(const KernelResult& kernel) {
  Json json{{"name", kernel.name},
            {"shape", kernel.shape},
            {"gb_per_s", or_null(kernel.gb_per_s)},
            {"gflops", or_null(kernel.gflops)},
            {"share_of_limit", kernel.share_of_limit},
            {"limit", kernel.limit},
            {"seconds", kernel.seconds.median}};
  add_spread(json, kernel.seconds);
  return json;
}

Json step_json(const StepResult& step) {
  Json json{{"model", step.model},
            {"batch", step.batch},
            {"optimizer", step.optimizer},
            {"norm", step.norm},
            {"precision", step.precision},
            {"threads", step.threads},
            {"seconds", step.seconds.median},
            {"gflops", step.gflops},
            {"share_of_peak", step.share_of_peak}};
  json["time_by_kind"] = Json::object();
  for (const auto& [kind, share] : by_kind(step.time_shares)) json["time_by_kind"][kind] = share;
  json["time_by_layer"] = Json::array();
  for (const TimeShare& share : step.time_shares) {
    json["time_by_layer"].push_back(
        {{"layer", share.part}, {"forward", share.forward}, {"backward", share.backward}});
  }
  add_spread(json, step.seconds);
  return json;
}

}  // namespace

Json result_json(const BenchResult& result, const Json& environment) {
  Json json{{"limits", limits_json(result.limits)},
            {"kernels", Json::array()},
            {"steps", Json::array()},
            {"norm_cost", Json::array()},
            {"scaling", Json::array()}};
  for (const KernelResult& kernel : result.kernels) json["kernels"].push_back(kernel_json(kernel));
  for (const StepResult& step : result.steps) json["steps"].push_back(step_json(step));
  for (const NormCost& cost : result.norm_cost) {
    Json entry{{"model", cost.model},         {"batch", cost.batch},
               {"optimizer", cost.optimizer}, {"precision", cost.precision},
               {"threads", cost.threads},     {"ratio", cost.ratio.median}};
    add_spread(entry, cost.ratio);
    json["norm_cost"].push_back(std::move(entry));
  }
  for (const Scaling& scaling : result.scaling) {
    Json entry{{"kind", scaling.kind},
               {"model", scaling.model},
               {"batch", scaling.batch},
               {"precision", scaling.precision},
               {"ratio", scaling.ratio.median}};
    add_spread(entry, scaling.ratio);
    json["scaling"].push_back(std::move(entry));
  }
  json["environment"] = environment;
  json["rounds"] = result.rounds;
  json["total_seconds"] = result.seconds;
  json["disturbed_share"] = result.disturbed_share;
  json["load_average"] = result.load_average;
  json["warnings"] = warnings(result);
  return json;
}

}  // namespace normlab::bench
