#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "normlab/train/trial_record.h"

namespace normlab {

/// The epochs as a CBOR list (RFC 8949), which keeps every bit and what is not finite.
std::vector<std::byte> to_document(const std::vector<EpochRecord>& epochs);

/// The way back. Throws Error when it is not such a document.
std::vector<EpochRecord> epochs_from_document(std::span<const std::byte> document);

}  // namespace normlab
