// expect: conversion from 'tapeline::Flag' to non-scalar type|no viable conversion
// SPDX-License-Identifier: Apache-2.0
// One flag becomes a set only where the code says so.
#include "model/trade.h"

#ifdef TAPELINE_EXPECT_COMPILES
inline constexpr tapeline::Flags kFlags(tapeline::Flag::kSnapshot);
#else
inline constexpr tapeline::Flags kFlags = tapeline::Flag::kSnapshot;
#endif
