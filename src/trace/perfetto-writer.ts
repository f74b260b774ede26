import { PbfWriter } from 'pbf';

/** Debug annotations of a slice or an instant, which the Perfetto UI shows as its details. */
type Annotations = Readonly<Record<string, string | number>>;

/** Flows that an event begins or ends: the earliest event with a flow id is its start. */
export interface Flows {
  readonly flows?: readonly number[];
  readonly annotations?: Annotations;
}

/** Field numbers of perfetto/protos/perfetto/trace/trace_packet.proto and track_event/*.proto. */
const trace = { packet: 1 };
const packet = { timestamp: 8, sequence: 10, trackEvent: 11, sequenceFlags: 13, trackDescriptor: 60 };
const descriptor = { uuid: 1, name: 2, parent: 5, counter: 8, ordering: 11, rank: 12 };
const event = { annotation: 4, type: 9, track: 11, name: 23, counterValue: 30, flow: 47 };
const annotation = { integer: 4, double: 5, text: 6, name: 10 };
const Type = { sliceBegin: 1, sliceEnd: 2, instant: 3, counter: 4 } as const;
const explicitOrder = 3;
const incrementalStateCleared = 1;

/** Size of a chunk, in bytes. */
const chunkBytes = 1 << 16;

/**
 * Writes a trace in Perfetto's own format (protobuf TrackEvent packets), which opens in the Perfetto UI and in
 * trace_processor. Times are nanoseconds. The events of one track come in the order of their times.
 * @param write receives the file in chunks; the last one when `finish` is called
 */
export class PerfettoWriter {
  private pbf = new PbfWriter();
  private tracks = 0;
  private hasBegun = false;

  constructor(private readonly write: (bytes: Uint8Array) => void) {}

  /** Adds a track of slices and instants. Returns its id. */
  track(name: string, parent?: number): number {
    return this.describe(name, parent, () => {
      this.pbf.writeVarintField(descriptor.ordering, explicitOrder);
    });
  }

  /** Adds a counter track: a number over time. Returns its id. */
  counter(name: string): number {
    return this.describe(name, undefined, () => {
      this.pbf.writeMessage(descriptor.counter, () => undefined, undefined);
    });
  }

  begin(track: number, name: string, atNs: number, more: Flows = {}): void {
    this.event(Type.sliceBegin, track, atNs, { ...more, name });
  }

  end(track: number, atNs: number): void {
    this.event(Type.sliceEnd, track, atNs, {});
  }

  instant(track: number, name: string, atNs: number, more: Flows = {}): void {
    this.event(Type.instant, track, atNs, { ...more, name });
  }

  count(track: number, atNs: number, value: number): void {
    this.event(Type.counter, track, atNs, { value });
  }

  /** Writes the last chunk. */
  finish(): void {
    this.flush();
  }

  private describe(name: string, parent: number | undefined, kind: () => void): number {
    const uuid = ++this.tracks;
    const { pbf } = this;
    this.packet(() => {
      pbf.writeMessage(
        packet.trackDescriptor,
        () => {
          pbf.writeVarintField(descriptor.uuid, uuid);
          pbf.writeStringField(descriptor.name, name);
          if (parent !== undefined) pbf.writeVarintField(descriptor.parent, parent);
          pbf.writeVarintField(descriptor.rank, uuid);
          kind();
        },
        undefined,
      );
    });
    return uuid;
  }

  private event(
    type: number,
    track: number,
    atNs: number,
    { name, value, flows = [], annotations = {} }: Flows & { readonly name?: string; readonly value?: number },
  ): void {
    const { pbf } = this;
    this.packet(() => {
      pbf.writeVarintField(packet.timestamp, Math.round(atNs));
      pbf.writeMessage(
        packet.trackEvent,
        () => {
          pbf.writeVarintField(event.type, type);
          pbf.writeVarintField(event.track, track);
          if (name !== undefined) pbf.writeStringField(event.name, name);
          if (value !== undefined) pbf.writeVarintField(event.counterValue, value);
          for (const [key, said] of Object.entries(annotations)) this.annotate(key, said);
          for (const flow of flows) pbf.writeFixed64Field(event.flow, flow);
        },
        undefined,
      );
    });
  }

  private annotate(name: string, said: string | number): void {
    const { pbf } = this;
    pbf.writeMessage(
      event.annotation,
      () => {
        pbf.writeStringField(annotation.name, name);
        if (typeof said === 'string') pbf.writeStringField(annotation.text, said);
        else if (Number.isInteger(said)) pbf.writeVarintField(annotation.integer, said);
        else pbf.writeDoubleField(annotation.double, said);
      },
      undefined,
    );
  }

  private packet(fill: () => void): void {
    const { pbf } = this;
    pbf.writeMessage(
      trace.packet,
      () => {
        pbf.writeVarintField(packet.sequence, 1);
        if (!this.hasBegun) pbf.writeVarintField(packet.sequenceFlags, incrementalStateCleared);
        fill();
      },
      undefined,
    );
    this.hasBegun = true;
    if (pbf.pos >= chunkBytes) this.flush();
  }

  private flush(): void {
    this.write(this.pbf.finish().slice());
    this.pbf = new PbfWriter();
  }
}
