#include "normlab/nn/layer.h"

#include "normlab/base/error.h"
#include "normlab/nn/stage.h"

namespace normlab {

std::unique_ptr<Stage> Layer::make_stage(const StageParts&) const {
  fail<Error>("'{}' leads no stage", text());
}

}  // namespace normlab
