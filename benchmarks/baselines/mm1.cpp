// M/M/1 at utilisation 0.9. Arguments: rounds, simulated seconds a round.
#include "engine.hpp"
#include "measure.hpp"
#include "tables.hpp"

static const std::vector<int32_t> gaps = exponentials(1, 1000), services = exponentials(2, 900);
static Engine engine;
static uint32_t gapCursor, serviceCursor;
static int arrivalKind, departureKind;
static int64_t inside, areaCheck;

static void startService() {
  engine.schedule(engine.now + services[serviceCursor++ & tableMask], Engine::release, departureKind, 0);
}

static void arrive(int32_t) {
  if (inside++ == 0) startService();
  engine.schedule(engine.now + gaps[gapCursor++ & tableMask], Engine::arrival, arrivalKind, 0);
}

static void depart(int32_t) {
  areaCheck = int32_t(uint32_t(areaCheck) + uint32_t(inside));
  if (--inside > 0) startService();
}

int main(int, char **argv) {
  const int64_t rounds = argument(argv, 1), span = argument(argv, 2) * 1'000'000;
  arrivalKind = engine.addKind(arrive);
  departureKind = engine.addKind(depart);
  engine.schedule(gaps[gapCursor++ & tableMask], Engine::arrival, arrivalKind, 0);
  for (int64_t round = 1; round <= rounds; round++) {
    const int64_t before = engine.eventCount;
    const double start = cpuSeconds();
    engine.run(round * span);
    report("main", engine.eventCount - before, cpuSeconds() - start, round * span, areaCheck);
  }
}
