// Nodes that renew a lease every 10 s over a network of 1 ms (mean) at 64 servers with hyperexponential service. A request
// times out after 10 s, cancelled by the reply; a watchdog expires 40 s after the last reply, moved by each reply.
// Arguments: rounds, nodes, simulated seconds a round.
#include "engine.hpp"
#include "measure.hpp"
#include "tables.hpp"

static const int64_t period = 10'000'000, timeout = 10'000'000, grace = 40'000'000;
static const std::vector<int32_t> travels = exponentials(1, 1'000), services = hyperexponentials(2, 10'000, 230'000);
static Engine engine;
static uint32_t travelCursor, serviceCursor;
static int renewKind, arriveKind, serveKind, timeoutKind, expireKind;
static int64_t freeServers = 64, renewed, timedOut, expired;
static std::vector<uint64_t> timeoutOf, watchdogOf;
static std::vector<int32_t> line;
static uint32_t lineFirst, lineEnd;

static void serve(int32_t node) {
  engine.schedule(engine.now + services[serviceCursor++ & tableMask], Engine::release, serveKind, node);
}

static void onRenew(int32_t node) {
  engine.schedule(engine.now + period, Engine::ordinary, renewKind, node);
  timeoutOf[node] = engine.schedule(engine.now + timeout, Engine::ordinary, timeoutKind, node);
  engine.schedule(engine.now + travels[travelCursor++ & tableMask], Engine::arrival, arriveKind, node);
}

static void onArrive(int32_t node) {
  if (freeServers > 0) {
    freeServers--;
    serve(node);
  } else {
    line[lineEnd++ & tableMask] = node;
  }
}

static void onServed(int32_t node) {
  if (lineFirst != lineEnd) serve(line[lineFirst++ & tableMask]);
  else freeServers++;
  if (!engine.cancel(timeoutOf[node])) return;
  renewed++;
  engine.cancel(watchdogOf[node]);
  watchdogOf[node] = engine.schedule(engine.now + grace, Engine::ordinary, expireKind, node);
}

static void onTimeout(int32_t) { timedOut++; }

static void onExpire(int32_t) { expired++; }

int main(int, char **argv) {
  const int64_t rounds = argument(argv, 1), nodes = argument(argv, 2), span = argument(argv, 3) * 1'000'000;
  timeoutOf.assign(nodes, 0);
  watchdogOf.assign(nodes, 0);
  line.assign(tableMask + 1, 0);
  renewKind = engine.addKind(onRenew);
  arriveKind = engine.addKind(onArrive);
  serveKind = engine.addKind(onServed);
  timeoutKind = engine.addKind(onTimeout);
  expireKind = engine.addKind(onExpire);
  for (int32_t node = 0; node < nodes; node++) {
    engine.schedule(int64_t(node) * (period / nodes), Engine::ordinary, renewKind, node);
  }
  for (int64_t round = 1; round <= rounds; round++) {
    const int64_t before = engine.eventCount;
    const double start = cpuSeconds();
    engine.run(round * span);
    report("main", engine.eventCount - before, cpuSeconds() - start, round * span, renewed * 1000 + timedOut * 10 + expired);
  }
}
