/** Numbers of the KVM API, from include/uapi/linux/kvm.h and arch/x86/include/uapi/asm/kvm.h. */

export const pageBytes = 4096;
/** Pages per word of the dirty bitmap: the granularity of KVM_CLEAR_DIRTY_LOG. */
export const pagesPerWord = 64;

export const request = {
  KVM_GET_API_VERSION: 0xae00,
  KVM_CREATE_VM: 0xae01,
  KVM_CHECK_EXTENSION: 0xae03,
  KVM_GET_VCPU_MMAP_SIZE: 0xae04,
  KVM_GET_SUPPORTED_CPUID: 0xc008ae05,
  KVM_CREATE_VCPU: 0xae41,
  KVM_GET_DIRTY_LOG: 0x4010ae42,
  KVM_SET_USER_MEMORY_REGION: 0x4020ae46,
  KVM_RUN: 0xae80,
  KVM_GET_REGS: 0x8090ae81,
  KVM_SET_REGS: 0x4090ae82,
  KVM_GET_SREGS: 0x8138ae83,
  KVM_SET_SREGS: 0x4138ae84,
  KVM_SET_CPUID2: 0x4008ae90,
  KVM_GET_TSC_KHZ: 0xaea3,
  KVM_ENABLE_CAP: 0x4068aea3,
  KVM_CLEAR_DIRTY_LOG: 0xc018aec0,
  KVM_RESET_DIRTY_RINGS: 0xaec7,
} as const;

export type Request = keyof typeof request;

export const capability = {
  KVM_CAP_MAX_VCPUS: 66,
  KVM_CAP_IMMEDIATE_EXIT: 136,
  KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2: 168,
  KVM_CAP_DIRTY_LOG_RING: 192,
  KVM_CAP_DIRTY_LOG_RING_ACQ_REL: 223,
  KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP: 225,
} as const;

export type Capability = keyof typeof capability;

/** Bits of KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2. */
export const manualProtect = { enable: 1, initiallySet: 2 } as const;

/** Flag of a memory slot whose writes are logged. */
export const KVM_MEM_LOG_DIRTY_PAGES = 1;

/** Offset of the dirty ring in the file of a vCPU, in pages (x86). */
export const KVM_DIRTY_LOG_PAGE_OFFSET = 64;

/** Flags of an entry of a dirty ring. */
export const dirtyGfn = { dirty: 1, reset: 2 } as const;

/** Exit reasons of KVM_RUN. */
export const exitReason = {
  KVM_EXIT_UNKNOWN: 0,
  KVM_EXIT_EXCEPTION: 1,
  KVM_EXIT_IO: 2,
  KVM_EXIT_HYPERCALL: 3,
  KVM_EXIT_DEBUG: 4,
  KVM_EXIT_HLT: 5,
  KVM_EXIT_MMIO: 6,
  KVM_EXIT_IRQ_WINDOW_OPEN: 7,
  KVM_EXIT_SHUTDOWN: 8,
  KVM_EXIT_FAIL_ENTRY: 9,
  KVM_EXIT_INTR: 10,
  KVM_EXIT_INTERNAL_ERROR: 17,
  KVM_EXIT_SYSTEM_EVENT: 24,
  KVM_EXIT_DIRTY_RING_FULL: 31,
  KVM_EXIT_MEMORY_FAULT: 39,
} as const;

/** Returns the name of an exit reason: `KVM_EXIT_SHUTDOWN`; its number if it is unknown. */
export function exitReasonName(reason: number): string {
  const [name] = Object.entries(exitReason).find(([, number]) => number === reason) ?? [`exit reason ${reason}`];
  return name;
}
