// expect: conversion from 'double' to non-scalar type|no viable conversion from 'double'
// SPDX-License-Identifier: Apache-2.0
// Money is not a double.
#include "base/decimal.h"

#ifdef TAPELINE_EXPECT_COMPILES
inline constexpr tapeline::Decimal kPrice{40'023, 2};
#else
inline constexpr tapeline::Decimal kPrice = 400.23;
#endif
