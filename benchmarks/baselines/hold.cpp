// Hold model: every event schedules itself again. Arguments: rounds, pending events, mean times a round.
#include "engine.hpp"
#include "measure.hpp"
#include "tables.hpp"

static const int64_t mean = 10'000'000;
static const std::vector<int32_t> increments = exponentials(1, mean);
static Engine engine;
static uint32_t cursor;
static int kind;
static int32_t digest;

static void hold(int32_t argument) {
  digest = int32_t(uint32_t(digest) * 31u + uint32_t(argument));
  engine.schedule(engine.now + increments[cursor++ & tableMask], Engine::ordinary, kind, argument);
}

static void runTo(const char *phase, int64_t horizon) {
  const int64_t before = engine.eventCount;
  const double start = cpuSeconds();
  engine.run(horizon);
  report(phase, engine.eventCount - before, cpuSeconds() - start, horizon, digest);
}

int main(int, char **argv) {
  const int64_t rounds = argument(argv, 1), pending = argument(argv, 2), spans = argument(argv, 3);
  kind = engine.addKind(hold);
  const double start = cpuSeconds();
  for (int32_t i = 0; i < pending; i++) engine.schedule(increments[cursor++ & tableMask], Engine::ordinary, kind, i);
  report("fill", pending, cpuSeconds() - start, 0, digest);
  runTo("settle", 2 * mean);
  for (int64_t round = 1; round <= rounds; round++) runTo("main", (2 + round * spans) * mean);
}
