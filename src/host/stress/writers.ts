import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Machine } from '../vm/machine.ts';
import { type Pattern, sweep, type Vcpu } from '../vm/vcpu.ts';
import type { PatternName } from './pattern-names.ts';

/** Numbers from a seed. The kernel is not bound by them: a run with the same seed asks for the same, and gets what time gives. */
export class Dice {
  private readonly generator: ReturnType<typeof xoroshiro128plus>;

  constructor(seed: number) {
    this.generator = xoroshiro128plus(seed | 0);
  }

  /** From `least` to `most`. */
  between(least: number, most: number): number {
    return uniformInt(this.generator, least, most);
  }
}

/** A pattern over all pages of a guest, with what it leaves open chosen by the dice. */
export function choosePattern(name: PatternName, pages: number, dice: Dice): Pattern {
  const kinds = ['sequential', 'uniform', 'hot'] as const;
  const kind = name === 'mixed' ? kinds[dice.between(0, 2)] : name;
  const think = [0, 20, 500][dice.between(0, 2)] ?? 0;
  const all = { writes: Number.POSITIVE_INFINITY, think };
  if (kind === 'sequential') {
    const stride = [1, 7, 64][dice.between(0, 2)] ?? 1;
    return sweep(pages, { ...all, stride, position: BigInt(dice.between(0, pages - 1)) });
  }
  const isHot = kind === 'hot';
  return sweep(pages, {
    ...all,
    stride: 0,
    ...(isHot && { hotShare: 58_982, hotPages: Math.max(1, Math.floor(pages / 100)) }),
    position: BigInt(dice.between(1, 2 ** 31 - 1)),
  });
}

/** Keeps all vCPUs of a machine in the guest, also when a dirty ring is full, until they are told to stop. */
export class Writers {
  ringFullExits = 0;
  kicks = 0;
  private stopping = false;
  private readonly waiting: (() => void)[] = [];
  private over: Promise<unknown> = Promise.resolve();

  constructor(private readonly machine: Machine) {}

  start(): void {
    this.stopping = false;
    this.over = Promise.all(this.machine.vcpus.map((vcpu) => this.keepIn(vcpu)));
    // Whoever stops them learns what became of them; until then a death must not end the process.
    this.over.catch(() => {});
  }

  /** The rings have room again: vCPUs that wait for it go on. */
  ringsWereReset(): void {
    for (const goOn of this.waiting.splice(0)) goOn();
  }

  /**
   * Gets all vCPUs out of the guest.
   * @throws PrecopyError `HOST_GUEST_DIED`
   */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const vcpu of this.machine.vcpus) vcpu.tellToLeave();
    this.ringsWereReset();
    await this.over;
  }

  private async keepIn(vcpu: Vcpu): Promise<void> {
    while (!this.stopping) {
      const { reason, kicks } = await vcpu.enter();
      this.kicks += kicks;
      if (reason !== 'ring-full') return;
      this.ringFullExits += 1;
      if (!this.stopping) await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }
}
