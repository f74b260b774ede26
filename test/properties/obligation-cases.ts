import { pml, srcuSwitch } from '../../machines/designs/index.ts';
import { type Case, ioctlHoldsLock, resumed, returned, vcpuHoldsLock } from './states.ts';

/** `breaks`: the obligation is pending in that state. */
export const obligations: readonly Case[] = [
  {
    property: 'ioctl-returns',
    breaks: { 'GET_DIRTY_LOG is under way': [ioctlHoldsLock] },
    holds: { 'it has returned': [returned] },
  },
  {
    property: 'lock-is-granted',
    breaks: {
      'a vCPU waits for mmu_lock': [({ put }) => put('vcpu1', 'host.lockMmu')],
      'GET_DIRTY_LOG waits for it': [({ put }) => put('getDirtyLog', 'lockMmu')],
    },
    holds: { 'both hold it': [vcpuHoldsLock, ioctlHoldsLock] },
  },
  {
    property: 'grace-period-ends',
    design: srcuSwitch,
    breaks: { 'synchronize_srcu is under way': [({ put }) => put('getDirtyLog', 'synchronizeSrcu')] },
    holds: { 'it has returned': [({ put }) => put('getDirtyLog', 'lockMmu')] },
  },
  {
    property: 'ipi-is-taken',
    breaks: {
      'an IPI waits': [({ post }) => post('IPI', 'vcpu1')],
    },
    holds: { 'a pause waits': [({ post }) => post('PAUSE', 'vcpu1')] },
  },
  {
    property: 'ipi-is-taken',
    design: pml,
    breaks: { 'a kick waits': [({ post }) => post('KICK', 'vcpu0')] },
    holds: { 'nothing waits': [] },
  },
  {
    property: 'quiet-guest-migrates',
    breaks: { 'the destination has not resumed': [] },
    holds: { 'it has': [resumed] },
  },
  {
    property: 'switchover-ends',
    breaks: {
      'QEMU waits for the vCPUs to stop': [({ put }) => put('migration', 'pausing')],
      'it sends the last pages': [({ put }) => put('migration', 'completing')],
    },
    holds: { 'it has not decided to stop': [({ put }) => put('migration', 'syncing')] },
  },
];
