// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace tapeline {

// Several lambdas as one visitor, so that a new alternative does not compile until handled.
template <typename... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};
template <typename... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;

}  // namespace tapeline
