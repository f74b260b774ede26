"""The queueing core of rmap-xchg in SimPy (3 or 4): vCPUs that sweep over memory, fault and take mmu_lock, and a collector that takes the log.

Each yield is one step of the machines of precopy, paid first and then taken. Reads its sizes and costs as JSON from stdin, and writes its
figures as JSON to stdout.
"""

import json
import sys
import time

import simpy

setup = json.load(sys.stdin)
cost, latency, wake = setup["costs"], setup["latencies"], setup["wakes"]
vcpus, pages, word_bits = setup["vcpus"], setup["pages"], setup["bitsPerWord"]
env = simpy.Environment()
dirty, writable = bytearray(pages), bytearray(pages)
in_guest, flush_requested = [True] * vcpus, [False] * vcpus
figures = {"writes": 0, "faults": 0, "rounds": 0, "getNs": 0.0, "longestWriteNs": 0.0, "longestWaitNs": 0.0, "longestHoldNs": 0.0}
steps = 0


def pay(*actions):
    global steps
    steps += 1
    return env.timeout(sum(cost.get(action, 0) for action in actions))


class FifoLock:
    """A queued spinlock: whoever asks first gets it first."""

    def __init__(self):
        self.held, self.waiters, self.since = False, [], 0

    def request(self):
        grant = env.event()
        grant.asked = env.now
        if self.held:
            self.waiters.append(grant)
        else:
            self._grant(grant)
        return grant

    def release(self):
        figures["longestHoldNs"] = max(figures["longestHoldNs"], env.now - self.since)
        self.held = False
        if self.waiters:
            self._grant(self.waiters.pop(0), wake.get("LOCK_GRANTED", 0))

    def _grant(self, grant, late=0):
        self.held = True
        self.since = env.now + late
        figures["longestWaitNs"] = max(figures["longestWaitNs"], self.since - grant.asked)
        grant.succeed(late)


mmu_lock = FifoLock()


class Vcpu:
    def __init__(self, nth):
        self.nth, self.tlb, self.ipis, self.rings = nth, set(), [], env.event()
        env.process(self.run())

    def interrupt(self, flusher):
        def arrive():
            yield env.timeout(latency["IPI"])
            self.ipis.append(flusher)
            ring, self.rings = self.rings, env.event()
            ring.succeed()

        env.process(arrive())

    def acknowledge(self, *more):
        flusher = self.ipis.pop(0)
        yield pay(*more, "ackIpi")
        flusher.acknowledge()

    def kind_of(self, page):
        if page in self.tlb:
            return ("writePage",)
        return ("fillTlb",) if writable[page] else ("exitForPage", "leaveGuestMode", "srcuReadLock", "requestMmuLock")

    def run(self):
        first = self.nth * pages // vcpus
        count = (self.nth + 1) * pages // vcpus - first
        due = 0.0
        while True:
            for page in range(first, first + count):
                while True:
                    if self.ipis:
                        yield from self.acknowledge("leaveGuestMode", "srcuReadLock")
                        in_guest[self.nth] = False
                        yield from self.enter_guest()
                        continue
                    began, kind = env.now, self.kind_of(page)
                    yield pay(*kind)
                    while self.kind_of(page) != kind:
                        kind = self.kind_of(page)
                        left = began + sum(cost.get(action, 0) for action in kind) - env.now
                        if left > 0:
                            yield env.timeout(left)
                    if kind[0] == "writePage":
                        break
                    if kind[0] == "fillTlb":
                        self.tlb.add(page)
                    else:
                        yield from self.fault(page)
                figures["writes"] += 1
                figures["longestWriteNs"] = max(figures["longestWriteNs"], env.now - due)
                due = env.now

    def fault(self, page):
        figures["faults"] += 1
        in_guest[self.nth] = False
        grant = mmu_lock.request()
        while not grant.processed:
            if self.ipis:
                yield from self.acknowledge()
            else:
                yield grant | self.rings
        granted = mmu_lock.since
        if granted > env.now:
            yield env.timeout(granted - env.now)
        yield pay("readMemslots", "markPageDirty")
        dirty[page] = 1
        yield pay("setSpteWritable", "releaseMmuLock")
        writable[page] = 1
        mmu_lock.release()
        yield from self.enter_guest()

    def enter_guest(self):
        began, requested = env.now, None
        while requested != flush_requested[self.nth]:
            requested = flush_requested[self.nth]
            actions = ("flushTlb",) if requested else ()
            left = began + sum(cost.get(action, 0) for action in (*actions, "srcuReadUnlock", "enterGuestMode")) - env.now
            yield env.timeout(max(0, left))
        if requested:
            self.tlb.clear()
            flush_requested[self.nth] = False
        in_guest[self.nth] = True


class Collector:
    def __init__(self, vcpus):
        self.vcpus, self.acks, self.acked = vcpus, 0, None
        env.process(self.run())

    def acknowledge(self):
        def arrive():
            yield env.timeout(latency["IPI_ACK"])
            self.acks -= 1
            if self.acks == 0:
                self.acked.succeed()

        env.process(arrive())

    def run(self):
        due = setup["collectEveryNs"]
        while True:
            yield env.timeout(due - env.now)
            due = max(env.now, due + setup["collectEveryNs"])
            yield pay("callGetDirtyLog")
            called = env.now
            yield pay("startIoctl", "requestSlotsLock", "requestMmuLock")
            grant = mmu_lock.request()
            yield grant
            if mmu_lock.since > env.now:
                yield env.timeout(mmu_lock.since - env.now)
            yield from self.scan()
            yield pay("copyToUser", "releaseSlotsLock", "returnToUser")
            figures["rounds"] += 1
            figures["getNs"] += env.now - called
            yield pay("mergeLog")
            due = max(env.now, due)

    def scan(self):
        found = False
        for start in range(0, pages, word_bits):
            end = min(start + word_bits, pages)
            if any(dirty[start:end]):
                found = True
                yield pay("xchgDirtyWord")
                taken = [page for page in range(start, end) if dirty[page]]
                dirty[start:end] = bytes(end - start)
                for page in taken:
                    yield pay("writeProtectPage")
                    writable[page] = 0
            yield pay("nextWord")
        if found:
            yield from self.flush()
        yield pay("releaseMmuLock")
        mmu_lock.release()

    def flush(self):
        interrupted = []
        for vcpu in self.vcpus:
            yield pay("makeRequest")
            flush_requested[vcpu.nth] = True
            if in_guest[vcpu.nth]:
                interrupted.append(vcpu)
        yield pay("sendIpis")
        if interrupted:
            self.acks, self.acked = len(interrupted), env.event()
            for vcpu in interrupted:
                vcpu.interrupt(self)
            yield self.acked


Collector([Vcpu(nth) for nth in range(vcpus)])
start = time.perf_counter()
env.run(until=setup["durationNs"])
figures["seconds"] = time.perf_counter() - start
figures["steps"] = steps
figures["version"] = simpy.__version__
json.dump(figures, sys.stdout)
