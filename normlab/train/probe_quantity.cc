#include "normlab/train/probe_quantity.h"

#include <array>

namespace normlab {

extern const ProbePicture kActivationInputs;
extern const ProbePicture kGradientNorms;
extern const ProbePicture kDeadUnits;
extern const ProbePicture kAffineParameters;
extern const ProbePicture kRunningStatistics;

namespace {

constexpr std::array<const ProbePicture*, 5> kPictures = {
    &kActivationInputs, &kGradientNorms, &kDeadUnits, &kAffineParameters, &kRunningStatistics};

}  // namespace

std::span<const ProbePicture* const> probe_pictures() {
  return kPictures;
}

}  // namespace normlab
