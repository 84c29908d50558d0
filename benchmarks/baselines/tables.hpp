// Pre-drawn increments in whole microseconds, made by integer arithmetic alone, so that tables.ts makes the same ones and
// both programs run through the same instants.
#pragma once
#include <cstdint>
#include <vector>

constexpr uint32_t tableMask = 65535;

class Draws {
public:
  explicit Draws(uint32_t seed) : state(seed) {}

  /** xorshift32, the upper 29 bits. */
  int64_t bits29() {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state >> 3;
  }

  /** An exponential by von Neumann's comparison method: no logarithm whose last digit could differ. */
  int32_t exponential(int64_t mean) {
    for (int64_t whole = 0;; whole++) {
      const int64_t first = bits29();
      int64_t previous = first;
      int length = 1;
      for (;;) {
        const int64_t next = bits29();
        if (next >= previous) break;
        previous = next;
        length++;
      }
      if (length % 2 == 1) return int32_t(whole * mean + (first * mean >> 29));
    }
  }

private:
  uint32_t state;
};

inline std::vector<int32_t> exponentials(uint32_t seed, int64_t mean) {
  Draws draws(seed);
  std::vector<int32_t> table(tableMask + 1);
  for (int32_t &entry : table) entry = draws.exponential(mean);
  return table;
}

/** One in ten has the long mean. */
inline std::vector<int32_t> hyperexponentials(uint32_t seed, int64_t shortMean, int64_t longMean) {
  Draws draws(seed);
  std::vector<int32_t> table(tableMask + 1);
  for (int32_t &entry : table) entry = draws.exponential(draws.bits29() % 10 == 0 ? longMean : shortMean);
  return table;
}
