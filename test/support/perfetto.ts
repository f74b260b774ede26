import { PbfReader } from 'pbf';

/** The fields of a packet that tests read, of trace_packet.proto, track_event.proto and track_descriptor.proto. */
export interface Packet {
  timestamp?: number;
  track?: { uuid?: number; name?: string; parent?: number };
  event?: { type?: number; track?: number; name?: string; value?: number; flows: number[]; annotations: number };
}

/** Returns the packets of a trace in Perfetto's format. */
export function packetsOf(bytes: Uint8Array): Packet[] {
  return new PbfReader(bytes).readFields<Packet[]>((tag, packets, reader) => {
    if (tag === 1) packets.push(reader.readMessage(readPacket, {} as Packet));
  }, []);
}

function readPacket(tag: number, packet: Packet, reader: PbfReader): void {
  if (tag === 8) packet.timestamp = reader.readVarint();
  if (tag === 60) packet.track = reader.readMessage(readTrack, {} as NonNullable<Packet['track']>);
  if (tag === 11)
    packet.event = reader.readMessage(readEvent, { flows: [], annotations: 0 } as NonNullable<Packet['event']>);
}

function readTrack(tag: number, track: NonNullable<Packet['track']>, reader: PbfReader): void {
  if (tag === 1) track.uuid = reader.readVarint();
  if (tag === 2) track.name = reader.readString();
  if (tag === 5) track.parent = reader.readVarint();
}

function readEvent(tag: number, event: NonNullable<Packet['event']>, reader: PbfReader): void {
  if (tag === 9) event.type = reader.readVarint();
  if (tag === 11) event.track = reader.readVarint();
  if (tag === 23) event.name = reader.readString();
  if (tag === 30) event.value = reader.readVarint();
  if (tag === 47) event.flows.push(reader.readFixed64());
  if (tag === 4) event.annotations++;
}
