// Prints what a round took, one JSON line each, in the form measure.ts prints and run.ts reads.
#pragma once
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>

inline double cpuSeconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return double(now.tv_sec) + double(now.tv_nsec) * 1e-9;
}

inline void report(const char *phase, int64_t count, double seconds, int64_t finalTime, int64_t check) {
  std::printf("{\"phase\":\"%s\",\"count\":%lld,\"seconds\":%.9f,\"checksum\":\"%lld/%lld\"}\n", phase, (long long)count,
              seconds, (long long)finalTime, (long long)check);
  std::fflush(stdout);
}

inline int64_t argument(char **argv, int place) { return std::atoll(argv[place]); }
