#include "normlab/lab/model_labels.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "normlab/lab/trial_id.h"

namespace normlab {
namespace {

/// What a model may be called, the shortest first: ends of the path, and the model as written.
std::vector<std::string> possible_labels(const std::string& model) {
  std::vector<std::string> labels = {model_name(model)};
  if (model.ends_with(".toml")) {
    const std::filesystem::path path(model);
    for (auto folder = path.parent_path(); folder.has_filename(); folder = folder.parent_path()) {
      labels.push_back((folder.filename() / labels.back()).string());
    }
  }
  labels.push_back(model);
  return labels;
}

}  // namespace

std::string model_name(const std::string& model) {
  if (model.ends_with(".toml")) return std::filesystem::path(model).stem().string();
  const bool is_list = model.find_first_of(" ,:") != std::string::npos;
  return is_list ? fmt::format("layers-{}", short_hash(model).substr(0, 6)) : model;
}

std::vector<std::string> model_labels(std::span<const std::string> models) {
  std::vector<std::vector<std::string>> possible;
  for (const std::string& model : models) possible.push_back(possible_labels(model));
  std::vector<std::string> labels;
  std::vector<std::size_t> length(models.size(), 0);
  for (bool alike = true; alike;) {
    labels.clear();
    std::map<std::string, int> uses;
    for (std::size_t i = 0; i < models.size(); ++i) {
      labels.push_back(possible[i][length[i]]);
      ++uses[labels.back()];
    }
    alike = false;
    for (std::size_t i = 0; i < models.size(); ++i) {
      if (uses[labels[i]] == 1 || length[i] + 1 == possible[i].size()) continue;
      ++length[i];
      alike = true;
    }
  }
  return labels;
}

}  // namespace normlab
