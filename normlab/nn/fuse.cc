#include "normlab/nn/fuse.h"

#include <utility>

namespace normlab {

const LayerNode& StageParts::head() const {
  for (const LayerNode* part : {producer, before, norm, sum}) {
    if (part != nullptr) return *part;
  }
  return *after;
}

namespace {

/// Goes through the layers and puts each into the stage at hand where it fits there.
class Fuser {
 public:
  Fuser(bool input_gradient, bool each_alone)
      : input_gradient_(input_gradient), each_alone_(each_alone) {}

  void walk(const LayerTree& tree) {
    for (const LayerNode& node : tree) {
      if (node.is_residual()) {
        walk_block(node);
      } else {
        place(node);
      }
    }
  }

  std::vector<StageParts> take() { return std::move(stages_); }

 private:
  void walk_block(const LayerNode& block) {
    const int input = value_;
    walk(block.shortcut);
    const int shortcut = value_;
    value_ = input;
    open_ = false;
    walk(block.body);
    // Nothing can be added behind the activation that follows a norm.
    const bool fits = open_ && stage().sum == nullptr && stage().after == nullptr && !each_alone_;
    StageParts& parts = fits ? stage() : begin_stage();
    parts.sum = &block;
    parts.addend = shortcut;
  }

  void place(const LayerNode& node) {
    switch (node.layer->role()) {
      case LayerRole::view:
        // Whoever reads it sees another shape; what was made is done.
        open_ = false;
        return;
      case LayerRole::producer:
        begin_stage().producer = &node;
        return;
      case LayerRole::alone:
        if (!takes_pool(node)) begin_stage().producer = &node;
        open_ = false;
        return;
      case LayerRole::norm:
        if (node.layer->make_norm() == nullptr) return;
        (has_room_for_norm() ? stage() : begin_stage()).norm = &node;
        return;
      case LayerRole::activation:
        place_activation(node);
    }
  }

  bool has_room_for_norm() const {
    return open_ && !each_alone_ && stage().norm == nullptr && stage().sum == nullptr;
  }

  void place_activation(const LayerNode& node) {
    if (!open_ || each_alone_) {
      begin_stage().before = &node;
    } else if (stage().norm == nullptr && stage().sum == nullptr && stage().before == nullptr) {
      stage().before = &node;
    } else if (has_room_for_after(node)) {
      stage().after = &node;
    } else {
      begin_stage().before = &node;
    }
  }

  /// Behind a sum, the derivative must be told from the output: the sum is not kept.
  bool has_room_for_after(const LayerNode& node) const {
    const StageParts& parts = stage();
    if (parts.after != nullptr) return false;
    if (parts.sum != nullptr) return !node.layer->activation().derivative_needs_input();
    return parts.norm != nullptr;
  }

  bool takes_pool(const LayerNode& node) {
    if (!open_ || each_alone_ || input_gradient_ || !node.layer->max_window()) return false;
    StageParts parts = stage();
    if (parts.producer == nullptr || parts.sum != nullptr || parts.input != 0) return false;
    parts.pool = &node;
    if (!parts.producer->layer->can_pool(parts)) return false;
    stage() = parts;
    return true;
  }

  StageParts& stage() { return stages_.back(); }
  const StageParts& stage() const { return stages_.back(); }

  StageParts& begin_stage() {
    StageParts parts;
    parts.input = value_;
    parts.output = static_cast<int>(stages_.size()) + 1;
    value_ = parts.output;
    open_ = true;
    stages_.push_back(parts);
    return stages_.back();
  }

  bool input_gradient_;
  bool each_alone_;
  std::vector<StageParts> stages_;
  int value_ = 0;      ///< the latest
  bool open_ = false;  ///< the last stage made it, and may take more in
};

}  // namespace

std::vector<StageParts> fuse(const LayerTree& tree, bool input_gradient, bool each_alone) {
  Fuser fuser(input_gradient, each_alone);
  fuser.walk(tree);
  return fuser.take();
}

}  // namespace normlab
