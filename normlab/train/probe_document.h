#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "normlab/train/probe_record.h"

namespace normlab {

/// The record as a CBOR map (RFC 8949), which keeps every bit and what is not finite: its layout is
/// described in docs/store.md. Equal records give equal bytes.
std::vector<std::byte> to_document(const ProbeRecord& record);

/// The way back. Throws Error when it is not such a document.
ProbeRecord probe_from_document(std::span<const std::byte> document);

}  // namespace normlab
