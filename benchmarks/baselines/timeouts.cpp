// Closed clients whose requests race a timeout of 4.605 mean service times; the loser is cancelled, so 1 % time out.
// Arguments: rounds, clients, simulated seconds a round. Counts requests.
#include "engine.hpp"
#include "measure.hpp"
#include "tables.hpp"

static const int64_t timeout = 4'605'000;
static const std::vector<int32_t> services = exponentials(1, 1'000'000);
static Engine engine;
static uint32_t cursor;
static int serviceKind, timeoutKind;
static int64_t served, timedOut;
static std::vector<uint64_t> serviceOf, timeoutOf;

static void request(int32_t client) {
  serviceOf[client] = engine.schedule(engine.now + services[cursor++ & tableMask], Engine::ordinary, serviceKind, client);
  timeoutOf[client] = engine.schedule(engine.now + timeout, Engine::ordinary, timeoutKind, client);
}

static void onServed(int32_t client) {
  engine.cancel(timeoutOf[client]);
  served++;
  request(client);
}

static void onTimeout(int32_t client) {
  engine.cancel(serviceOf[client]);
  timedOut++;
  request(client);
}

int main(int, char **argv) {
  const int64_t rounds = argument(argv, 1), clients = argument(argv, 2), span = argument(argv, 3) * 1'000'000;
  serviceOf.assign(clients, 0);
  timeoutOf.assign(clients, 0);
  serviceKind = engine.addKind(onServed);
  timeoutKind = engine.addKind(onTimeout);
  for (int32_t client = 0; client < clients; client++) request(client);
  for (int64_t round = 1; round <= rounds; round++) {
    const int64_t before = served + timedOut;
    const double start = cpuSeconds();
    engine.run(round * span);
    report("main", served + timedOut - before, cpuSeconds() - start, round * span, timedOut);
  }
}
