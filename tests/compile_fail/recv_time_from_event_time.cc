// expect: conversion from .*EventTime|no viable conversion from .*EventTime
// SPDX-License-Identifier: Apache-2.0
// What the venue said never lands where our own stamp belongs.
#include "base/time.h"

inline constexpr tapeline::EventTime kEvent(1);

#ifdef TAPELINE_EXPECT_COMPILES
inline constexpr tapeline::RecvTime kRecv(kEvent.unix_ns());
#else
inline constexpr tapeline::RecvTime kRecv = kEvent;
#endif
