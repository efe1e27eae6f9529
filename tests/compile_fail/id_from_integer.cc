// expect: conversion from .int. to non-scalar type|no viable conversion from .int.
// SPDX-License-Identifier: Apache-2.0
// A number becomes an id only where the code says so.
#include "base/ids.h"

#ifdef TAPELINE_EXPECT_COMPILES
inline constexpr tapeline::InstrumentId kInstrument(7);
#else
inline constexpr tapeline::InstrumentId kInstrument = 7;
#endif
