import { guestLayout, vcpuBlock } from './layout.ts';

/** Ports that the guest writes to when it exits, by the reason. */
export const exitPort = { requested: 0x10, done: 0x11 } as const;

/** An instruction or a label. A jump has the name of its target after its opcode. */
type Line = readonly [bytes: string, text: string] | readonly [label: `${string}:`];

const field = (offset: number): string => hex32(offset);

/**
 * The program of a vCPU, which runs at CPL 3: it writes one page after another and measures the time of each write. rbp
 * holds the address of the vCPU's block, which has all parameters. The program exits by `out`; when the vCPU is entered
 * again, it continues at `start` and reads the parameters again.
 */
const lines: readonly Line[] = [
  ['start:'],
  [`48 8b b5 ${field(vcpuBlock.writesLeft)}`, 'mov rsi, [rbp + writesLeft]'],
  [`48 8b bd ${field(vcpuBlock.base)}`, 'mov rdi, [rbp + base]'],
  [`4c 8b 8d ${field(vcpuBlock.pages)}`, 'mov r9, [rbp + pages]'],
  [`4c 8b a5 ${field(vcpuBlock.stride)}`, 'mov r12, [rbp + stride]'],
  [`4c 8b 95 ${field(vcpuBlock.hotShare)}`, 'mov r10, [rbp + hotShare]'],
  [`4c 8b 9d ${field(vcpuBlock.hotPages)}`, 'mov r11, [rbp + hotPages]'],
  [`4c 8b ad ${field(vcpuBlock.think)}`, 'mov r13, [rbp + think]'],
  [`4c 8b 85 ${field(vcpuBlock.position)}`, 'mov r8, [rbp + position]'],
  [`4c 8b b5 ${field(vcpuBlock.value)}`, 'mov r14, [rbp + value]'],

  ['next:'],
  ['83 7d 00 00', 'cmp dword [rbp + command], 0'],
  ['0f 85 exitOnRequest', 'jne exitOnRequest'],
  ['48 85 f6', 'test rsi, rsi'],
  ['0f 84 exitWhenDone', 'je exitWhenDone'],
  ['48 ff ce', 'dec rsi'],
  ['4d 85 e4', 'test r12, r12'],
  ['0f 84 random', 'je random'],

  // rdx = the next page of the stride
  ['4c 89 c2', 'mov rdx, r8'],
  ['4d 01 e0', 'add r8, r12'],
  ['4d 39 c8', 'cmp r8, r9'],
  ['0f 82 write', 'jb write'],
  ['4d 29 c8', 'sub r8, r9'],
  ['e9 write', 'jmp write'],

  // rdx = a random page: xorshift64 (G. Marsaglia, 2003; 13, 7, 17), the upper half of its product with the pages
  ['random:'],
  ['4c 89 c0', 'mov rax, r8'],
  ['48 c1 e0 0d', 'shl rax, 13'],
  ['49 31 c0', 'xor r8, rax'],
  ['4c 89 c0', 'mov rax, r8'],
  ['48 c1 e8 07', 'shr rax, 7'],
  ['49 31 c0', 'xor r8, rax'],
  ['4c 89 c0', 'mov rax, r8'],
  ['48 c1 e0 11', 'shl rax, 17'],
  ['49 31 c0', 'xor r8, rax'],
  ['4c 89 c0', 'mov rax, r8'],
  ['41 0f b7 c8', 'movzx ecx, r8w'],
  ['4c 89 ca', 'mov rdx, r9'],
  ['44 39 d1', 'cmp ecx, r10d'],
  ['49 0f 42 d3', 'cmovb rdx, r11'],
  ['48 f7 e2', 'mul rdx'],

  ['write:'],
  ['48 c1 e2 0c', 'shl rdx, 12'],
  ['48 01 fa', 'add rdx, rdi'],
  ['48 89 d1', 'mov rcx, rdx'],
  ['49 ff c6', 'inc r14'],
  ['0f 31', 'rdtsc'],
  ['48 c1 e2 20', 'shl rdx, 32'],
  ['48 09 d0', 'or rax, rdx'],
  ['49 89 c7', 'mov r15, rax'],
  ['4c 89 31', 'mov [rcx], r14'],
  // lfence waits for the translation of the store, and so for a fault.
  ['0f ae e8', 'lfence'],
  ['0f 31', 'rdtsc'],
  ['48 c1 e2 20', 'shl rdx, 32'],
  ['48 09 d0', 'or rax, rdx'],
  ['4c 29 f8', 'sub rax, r15'],

  [`48 ff 85 ${field(vcpuBlock.writes)}`, 'inc qword [rbp + writes]'],
  [`48 01 85 ${field(vcpuBlock.sumCycles)}`, 'add [rbp + sumCycles], rax'],
  [`48 3b 85 ${field(vcpuBlock.worstCycles)}`, 'cmp rax, [rbp + worstCycles]'],
  ['0f 86 count', 'jbe count'],
  [`48 89 85 ${field(vcpuBlock.worstCycles)}`, 'mov [rbp + worstCycles], rax'],

  // Bucket, eight per octave: eight times the index of the highest bit, plus the three bits below it.
  ['count:'],
  ['48 83 c8 08', 'or rax, 8'],
  ['48 0f bd c8', 'bsr rcx, rax'],
  ['48 83 e9 03', 'sub rcx, 3'],
  ['48 d3 e8', 'shr rax, cl'],
  ['48 8d 04 c8', 'lea rax, [rax + rcx * 8]'],
  [`48 ff 84 c5 ${field(vcpuBlock.histogram)}`, 'inc qword [rbp + rax * 8 + histogram]'],

  ['4c 89 e9', 'mov rcx, r13'],
  ['thinking:'],
  ['48 85 c9', 'test rcx, rcx'],
  ['0f 84 next', 'je next'],
  ['48 ff c9', 'dec rcx'],
  ['e9 thinking', 'jmp thinking'],

  ['exitOnRequest:'],
  ['e8 store', 'call store'],
  [`e6 ${hex8(exitPort.requested)}`, 'out requested, al'],
  ['e9 start', 'jmp start'],
  ['exitWhenDone:'],
  ['e8 store', 'call store'],
  [`e6 ${hex8(exitPort.done)}`, 'out done, al'],
  ['e9 start', 'jmp start'],

  ['store:'],
  [`48 89 b5 ${field(vcpuBlock.writesLeft)}`, 'mov [rbp + writesLeft], rsi'],
  [`4c 89 85 ${field(vcpuBlock.position)}`, 'mov [rbp + position], r8'],
  [`4c 89 b5 ${field(vcpuBlock.value)}`, 'mov [rbp + value], r14'],
  ['c3', 'ret'],
];

/** Assembles the code of the guest for the address `guestLayout.code`. It needs a stack of eight bytes. */
export function guestCode(): Uint8Array {
  const bytes: number[] = [];
  const labels = new Map<string, number>();
  const jumps: { readonly at: number; readonly target: string }[] = [];
  for (const [code, text] of lines) {
    if (text === undefined) {
      labels.set(code.slice(0, -1), bytes.length);
      continue;
    }
    for (const part of code.split(' ')) {
      if (/^[0-9a-f]{2}$/.test(part)) bytes.push(Number.parseInt(part, 16));
      else {
        jumps.push({ at: bytes.length, target: part });
        bytes.push(0, 0, 0, 0);
      }
    }
  }
  const code = new Uint8Array(bytes);
  for (const { at, target } of jumps) {
    const address = labels.get(target);
    if (address === undefined) throw new Error(`the guest code has no label ${target}`);
    new DataView(code.buffer).setInt32(at, address - (at + 4), true);
  }
  if (guestLayout.code + code.length > guestLayout.vcpuBlocks) throw new Error('the guest code is too long');
  return code;
}

function hex8(value: number): string {
  return value.toString(16).padStart(2, '0');
}

/** Formats four bytes in little-endian order. */
function hex32(value: number): string {
  return [0, 8, 16, 24].map((shift) => hex8((value >>> shift) & 0xff)).join(' ');
}
