import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { createPattern, type Vcpu, type WritePattern } from '../vm/vcpu.ts';
import type { VirtualMachine } from '../vm/virtual-machine.ts';
import type { PatternName } from './pattern-names.ts';

/** Random choices of a stress test. Equal seeds give equal choices, but not equal interleavings. */
export class StressRandom {
  private readonly generator: ReturnType<typeof xoroshiro128plus>;

  constructor(seed: number) {
    this.generator = xoroshiro128plus(seed | 0);
  }

  /** Draws an integer from `least` to `most`. */
  between(least: number, most: number): number {
    return uniformInt(this.generator, least, most);
  }
}

/** Draws an endless pattern over all pages of a guest. */
export function drawPattern(name: PatternName, pages: number, random: StressRandom): WritePattern {
  const kinds = ['sequential', 'uniform', 'hot'] as const;
  const kind = name === 'mixed' ? kinds[random.between(0, 2)] : name;
  const think = [0, 20, 500][random.between(0, 2)] ?? 0;
  const endless = { writes: Number.POSITIVE_INFINITY, think };
  if (kind === 'sequential') {
    const stride = [1, 7, 64][random.between(0, 2)] ?? 1;
    return createPattern(pages, { ...endless, stride, position: BigInt(random.between(0, pages - 1)) });
  }
  return createPattern(pages, {
    ...endless,
    stride: 0,
    ...(kind === 'hot' && { hotShare: 58_982, hotPages: Math.max(1, Math.floor(pages / 100)) }),
    position: BigInt(random.between(1, 2 ** 31 - 1)),
  });
}

/** Keeps all vCPUs of a virtual machine in the guest until they are stopped, also across exits for a full ring. */
export class GuestWriters {
  ringFullExits = 0;
  kicks = 0;
  private stopping = false;
  private readonly waiting: (() => void)[] = [];
  private stopped: Promise<unknown> = Promise.resolve();

  constructor(private readonly vm: VirtualMachine) {}

  start(): void {
    this.stopping = false;
    this.stopped = Promise.all(this.vm.vcpus.map((vcpu) => this.runVcpu(vcpu)));
    // `stop` reports the death of a guest. Until then an unhandled rejection must not end the process.
    this.stopped.catch(() => {});
  }

  /** Resumes vCPUs that left the guest for a full ring, after the rings were reset. */
  resumeVcpus(): void {
    for (const resume of this.waiting.splice(0)) resume();
  }

  /**
   * Stops all vCPUs.
   * @throws PrecopyError `HOST_GUEST_DIED`
   */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const vcpu of this.vm.vcpus) vcpu.requestExit();
    this.resumeVcpus();
    await this.stopped;
  }

  private async runVcpu(vcpu: Vcpu): Promise<void> {
    while (!this.stopping) {
      const { reason, kicks } = await vcpu.enter();
      this.kicks += kicks;
      if (reason !== 'ring-full') return;
      this.ringFullExits += 1;
      if (!this.stopping) await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }
}
