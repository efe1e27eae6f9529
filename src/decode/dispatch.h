// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "decode/decoder.h"
#include "decode/parsed.h"
#include "journal/record.h"

namespace tapeline::decode {

// Gives a record to the decoder, whatever its type; those about sessions say nothing about trades.
// `parsed` is what parse() made of it already, or null. An Error lacks the record's place: what
// this program cannot make of it, or that it stands on a connection which was never opened for it.
[[nodiscard]] Result<void> dispatch(Decoder& decoder, const journal::Record& record,
                                    const Parsed* parsed = nullptr);

}  // namespace tapeline::decode
