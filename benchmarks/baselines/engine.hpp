// The C++ side of the comparison: the event list most simulators use, std::priority_queue with lazy cancellation, behind
// the same promises as ours. Order is (time, priority, sequence); a cancelled event never runs; a handle that already ran
// or was cancelled is refused; handlers are looked up by number. A cancelled entry stays in the heap until its time comes.
#pragma once
#include <cstdint>
#include <queue>
#include <vector>

class Engine {
public:
  using Handler = void (*)(int32_t argument);
  static constexpr uint64_t release = 0, ordinary = 1ull << 45, arrival = 2ull << 45;

  int64_t now = 0;
  int64_t eventCount = 0;

  int addKind(Handler handler) {
    handlers.push_back(handler);
    return int(handlers.size()) - 1;
  }

  uint64_t schedule(int64_t time, uint64_t priority, int32_t kind, int32_t argument) {
    uint32_t slot;
    if (freeSlots.empty()) {
      slot = uint32_t(generations.size());
      generations.push_back(1);
    } else {
      slot = freeSlots.back();
      freeSlots.pop_back();
    }
    const uint32_t generation = generations[slot];
    queue.push({time, priority + sequence++, slot, generation, kind, argument});
    return uint64_t(generation) << 32 | slot;
  }

  bool cancel(uint64_t handle) {
    const uint32_t slot = uint32_t(handle);
    if (slot >= generations.size() || generations[slot] != uint32_t(handle >> 32)) return false;
    generations[slot]++;
    freeSlots.push_back(slot);
    return true;
  }

  void run(int64_t horizon, int64_t eventLimit = INT64_MAX) {
    while (!queue.empty() && queue.top().time <= horizon) {
      const Event event = queue.top();
      queue.pop();
      if (generations[event.slot] != event.generation) continue;
      generations[event.slot]++;
      freeSlots.push_back(event.slot);
      now = event.time;
      handlers[event.kind](event.argument);
      if (++eventCount >= eventLimit) return;
    }
  }

private:
  struct Event {
    int64_t time;
    uint64_t order;
    uint32_t slot, generation;
    int32_t kind, argument;
  };
  struct Later {
    bool operator()(const Event &a, const Event &b) const {
      return a.time > b.time || (a.time == b.time && a.order > b.order);
    }
  };

  std::priority_queue<Event, std::vector<Event>, Later> queue;
  std::vector<uint32_t> generations;
  std::vector<uint32_t> freeSlots;
  std::vector<Handler> handlers;
  uint64_t sequence = 0;
};
