// Sources that think for 10 s, then queue first come first served for one of 100 servers for 90 ms (means, exponential).
// Arguments: rounds, sources, simulated seconds a round.
#include "engine.hpp"
#include "measure.hpp"
#include "tables.hpp"

static const std::vector<int32_t> thinks = exponentials(1, 10'000'000), services = exponentials(2, 90'000);
static Engine engine;
static uint32_t thinkCursor, serviceCursor;
static int thinkKind, serviceKind;
static int64_t freeServers = 100, digest;
static std::vector<int32_t> line;
static uint32_t lineFirst, lineEnd;

static void think(int32_t source) {
  engine.schedule(engine.now + thinks[thinkCursor++ & tableMask], Engine::arrival, thinkKind, source);
}

static void serve(int32_t source) {
  engine.schedule(engine.now + services[serviceCursor++ & tableMask], Engine::release, serviceKind, source);
}

static void onAsk(int32_t source) {
  if (freeServers > 0) {
    freeServers--;
    serve(source);
  } else {
    line[lineEnd++ & tableMask] = source;
  }
}

static void onServed(int32_t source) {
  digest = int32_t(uint32_t(digest) * 31u + uint32_t(source));
  if (lineFirst != lineEnd) serve(line[lineFirst++ & tableMask]);
  else freeServers++;
  think(source);
}

int main(int, char **argv) {
  const int64_t rounds = argument(argv, 1), sources = argument(argv, 2), span = argument(argv, 3) * 1'000'000;
  line.assign(tableMask + 1, 0);
  thinkKind = engine.addKind(onAsk);
  serviceKind = engine.addKind(onServed);
  for (int32_t source = 0; source < sources; source++) think(source);
  for (int64_t round = 1; round <= rounds; round++) {
    const int64_t before = engine.eventCount;
    const double start = cpuSeconds();
    engine.run(round * span);
    report("main", engine.eventCount - before, cpuSeconds() - start, round * span, digest);
  }
}
