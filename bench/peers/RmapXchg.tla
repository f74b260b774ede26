------------------------------ MODULE RmapXchg ------------------------------
(* The design rmap-xchg (GET_DIRTY_LOG with xchg and rmap, Linux 3.5 and 3.6) in TLA+, with the steps of machines/*.ts: one step of
   precopy is one action, with what it sends by rendezvous (mmu_lock, ioctl calls, pages) and the eventless transitions that follow.

   TLC counts each way in which a next state follows from Next. So that this is the number of steps, no two actions are ever the same
   step, no guard is a disjunction or begins with \E, and an action says of each variable once what it becomes.

   Left out is what is constant in this design at one word a bitmap (memslots and the second bitmap, SRCU, the index of the word), and
   is_dirty, which then says no more than whether the snapshot is empty. A bitmap is the set of what its bits stand for; a mailbox is the
   set of the vCPUs who have a message there (to or from them). *)
EXTENDS Integers, Sequences, TLC

CONSTANTS
  Vcpus, Emulating,    \* model values; those in Emulating run instructions that KVM emulates
  Pages,               \* 0, 1, ...
  Handler, Nobody      \* who may hold mmu_lock besides the vCPUs

VARIABLES
  vcpuAt, ioctlAt, migrationAt,
  dirtyBitmap, spteWritable, inGuestMode, tlbFlushRequest,    \* shared memory of the kernel
  stale,                                  \* pages that changed since their last copy to the destination, or are reported to have
  tlb, gfn,                               \* of each vCPU
  holder, waiters,                        \* mmu_lock: first come, first served
  snapshot, mask, toRequest, cpus,        \* of GET_DIRTY_LOG
  userBitmap, bmap, running,              \* of QEMU
  ipi, ipiAck, pause, paused,             \* mailboxes
  marked, due, unmarked                   \* ghosts

kernel == <<dirtyBitmap, marked, spteWritable, inGuestMode, tlbFlushRequest>>
vcpu == <<tlb, gfn, unmarked>>
lock == <<holder, waiters>>
ioctl == <<snapshot, mask, toRequest, cpus>>
qemu == <<userBitmap, bmap, running, due>>
mailboxes == <<ipi, ipiAck, pause, paused>>

Init ==
  /\ vcpuAt = [v \in Vcpus |-> "inGuest"] /\ ioctlAt = "inUserspace" /\ migrationAt = "iterating"
  /\ dirtyBitmap = {} /\ spteWritable = {} /\ inGuestMode = Vcpus /\ tlbFlushRequest = {}
  /\ stale = Pages
  /\ tlb = [v \in Vcpus |-> {}] /\ gfn = [v \in Vcpus |-> 0]
  /\ holder = Nobody /\ waiters = <<>>
  /\ snapshot = {} /\ mask = {} /\ toRequest = {} /\ cpus = {}
  /\ userBitmap = {} /\ bmap = Pages /\ running = {}
  /\ ipi = {} /\ ipiAck = {} /\ pause = {} /\ paused = {}
  /\ marked = {} /\ due = {} /\ unmarked = [v \in Vcpus |-> {}]

-----------------------------------------------------------------------------
(* mmu_lock: all go to the places that are given, but who gets the lock goes on with it. *)

Go(lockGoesTo, vcpusGoTo, ioctlGoesTo) ==
  /\ vcpuAt' = IF lockGoesTo \in Vcpus THEN [vcpusGoTo EXCEPT ![lockGoesTo] = "markPageDirty"] ELSE vcpusGoTo
  /\ ioctlAt' = IF lockGoesTo = Handler THEN "loadWord" ELSE ioctlGoesTo

Lock(who, vcpusGoTo, ioctlGoesTo) ==
  /\ holder' = IF holder = Nobody THEN who ELSE holder
  /\ waiters' = IF holder = Nobody THEN waiters ELSE Append(waiters, who)
  /\ Go(IF holder = Nobody THEN who ELSE Nobody, vcpusGoTo, ioctlGoesTo)

NextHolder == IF waiters = <<>> THEN Nobody ELSE Head(waiters)

Unlock(vcpusGoTo, ioctlGoesTo) ==
  /\ holder' = NextHolder
  /\ waiters' = IF waiters = <<>> THEN waiters ELSE Tail(waiters)
  /\ Go(NextHolder, vcpusGoTo, ioctlGoesTo)

-----------------------------------------------------------------------------
(* vCPU *)

GoesTo(v, place) == [vcpuAt EXCEPT ![v] = place]

WritePage(v, page) ==
  /\ vcpuAt[v] = "inGuest" /\ page \in tlb[v]
  /\ stale' = stale \cup {page}
  /\ UNCHANGED <<vcpuAt, ioctlAt, migrationAt, kernel, vcpu, lock, ioctl, qemu, mailboxes>>

FillTlb(v, page) ==
  /\ vcpuAt[v] = "inGuest" /\ page \notin tlb[v] /\ page \in spteWritable
  /\ tlb' = [tlb EXCEPT ![v] = @ \cup {page}]
  /\ UNCHANGED <<vcpuAt, ioctlAt, migrationAt, kernel, stale, gfn, unmarked, lock, ioctl, qemu, mailboxes>>

ExitForPage(v, page) ==
  /\ gfn' = [gfn EXCEPT ![v] = page]
  /\ inGuestMode' = inGuestMode \ {v}
  /\ UNCHANGED <<migrationAt, dirtyBitmap, marked, spteWritable, tlbFlushRequest, stale, tlb, unmarked, ioctl, qemu, mailboxes>>

PageFault(v, page) ==
  /\ vcpuAt[v] = "inGuest" /\ page \notin tlb[v] /\ page \notin spteWritable
  /\ ExitForPage(v, page)
  /\ Lock(v, GoesTo(v, "lockMmu"), ioctlAt)

EmulatedWrite(v, page) ==
  /\ vcpuAt[v] = "inGuest" /\ v \in Emulating
  /\ ExitForPage(v, page)
  /\ vcpuAt' = GoesTo(v, "writeGuestPage")
  /\ UNCHANGED <<ioctlAt, lock>>

Mark(page) ==
  /\ dirtyBitmap' = dirtyBitmap \cup {page}
  /\ marked' = marked \cup {page}

MarkPageDirty(v) ==
  /\ vcpuAt[v] = "markPageDirty"
  /\ Mark(gfn[v])
  /\ vcpuAt' = GoesTo(v, "setSpte")
  /\ UNCHANGED <<ioctlAt, migrationAt, spteWritable, inGuestMode, tlbFlushRequest, stale, vcpu, lock, ioctl, qemu, mailboxes>>

SetSpte(v) ==
  /\ vcpuAt[v] = "setSpte"
  /\ spteWritable' = spteWritable \cup {gfn[v]}
  /\ gfn' = [gfn EXCEPT ![v] = 0]
  /\ Unlock(GoesTo(v, "enterGuest"), ioctlAt)
  /\ UNCHANGED <<migrationAt, dirtyBitmap, marked, inGuestMode, tlbFlushRequest, stale, tlb, unmarked, ioctl, qemu, mailboxes>>

WriteGuestPage(v) ==
  /\ vcpuAt[v] = "writeGuestPage"
  /\ stale' = stale \cup {gfn[v]}
  /\ unmarked' = [unmarked EXCEPT ![v] = @ \cup {gfn[v]}]
  /\ vcpuAt' = GoesTo(v, "markWrite")
  /\ UNCHANGED <<ioctlAt, migrationAt, kernel, tlb, gfn, lock, ioctl, qemu, mailboxes>>

MarkWrite(v) ==
  /\ vcpuAt[v] = "markWrite"
  /\ Mark(gfn[v])
  /\ unmarked' = [unmarked EXCEPT ![v] = @ \ {gfn[v]}]
  /\ gfn' = [gfn EXCEPT ![v] = 0]
  /\ vcpuAt' = GoesTo(v, "enterGuest")
  /\ UNCHANGED <<ioctlAt, migrationAt, spteWritable, inGuestMode, tlbFlushRequest, stale, tlb, lock, ioctl, qemu, mailboxes>>

EnterGuest(v) ==
  /\ vcpuAt[v] = "enterGuest"
  /\ tlb' = IF v \in tlbFlushRequest THEN [tlb EXCEPT ![v] = {}] ELSE tlb
  /\ tlbFlushRequest' = tlbFlushRequest \ {v}
  /\ inGuestMode' = inGuestMode \cup {v}
  /\ vcpuAt' = GoesTo(v, "inGuest")
  /\ UNCHANGED <<ioctlAt, migrationAt, dirtyBitmap, marked, spteWritable, stale, gfn, unmarked, lock, ioctl, qemu, mailboxes>>

AckIpi(v) ==
  /\ v \in ipi
  /\ ipi' = ipi \ {v}
  /\ ipiAck' = ipiAck \cup {v}
  /\ inGuestMode' = inGuestMode \ {v}
  /\ vcpuAt' = IF vcpuAt[v] = "inGuest" THEN GoesTo(v, "enterGuest") ELSE vcpuAt
  /\ UNCHANGED <<ioctlAt, migrationAt, dirtyBitmap, marked, spteWritable, tlbFlushRequest, stale, vcpu, lock, ioctl, qemu, pause, paused>>

Pause(v) ==
  /\ v \in pause /\ vcpuAt[v] \in {"inGuest", "enterGuest"}
  /\ pause' = pause \ {v}
  /\ paused' = paused \cup {v}
  /\ inGuestMode' = inGuestMode \ {v}
  /\ vcpuAt' = GoesTo(v, "inUserspace")
  /\ UNCHANGED <<ioctlAt, migrationAt, dirtyBitmap, marked, spteWritable, tlbFlushRequest, stale, vcpu, lock, ioctl, qemu, ipi, ipiAck>>

-----------------------------------------------------------------------------
(* GET_DIRTY_LOG *)

LoadWord ==
  /\ ioctlAt = "loadWord" /\ dirtyBitmap # {}
  /\ ioctlAt' = "xchgWord"
  /\ UNCHANGED <<vcpuAt, migrationAt, kernel, stale, vcpu, lock, ioctl, qemu, mailboxes>>

LoadEmptyWord ==
  /\ ioctlAt = "loadWord" /\ dirtyBitmap = {}
  /\ Unlock(vcpuAt, "copyToUser")
  /\ UNCHANGED <<migrationAt, kernel, stale, vcpu, ioctl, qemu, mailboxes>>

(* Where no bit of the word is left to protect, the flush is next. *)
GoOnWith(bits) ==
  /\ mask' = bits
  /\ ioctlAt' = IF bits = {} THEN "makeRequests" ELSE "writeProtect"
  /\ toRequest' = IF bits = {} THEN Vcpus ELSE toRequest

XchgWord ==
  /\ ioctlAt = "xchgWord"
  /\ snapshot' = dirtyBitmap
  /\ due' = due \ dirtyBitmap
  /\ dirtyBitmap' = {}
  /\ marked' = {}
  /\ GoOnWith(dirtyBitmap)
  /\ UNCHANGED <<vcpuAt, migrationAt, spteWritable, inGuestMode, tlbFlushRequest, stale, vcpu, lock, cpus, userBitmap, bmap, running, mailboxes>>

LowestBit == CHOOSE page \in mask : \A other \in mask : page <= other

WriteProtect ==
  /\ ioctlAt = "writeProtect"
  /\ spteWritable' = spteWritable \ {LowestBit}
  /\ GoOnWith(mask \ {LowestBit})
  /\ UNCHANGED <<vcpuAt, migrationAt, dirtyBitmap, marked, inGuestMode, tlbFlushRequest, stale, vcpu, lock, snapshot, cpus, qemu, mailboxes>>

MakeRequest(v) ==
  /\ ioctlAt = "makeRequests" /\ v \in toRequest /\ toRequest # {v}
  /\ toRequest' = toRequest \ {v}
  /\ tlbFlushRequest' = tlbFlushRequest \cup {v}
  /\ cpus' = cpus \cup (inGuestMode \cap {v})
  /\ UNCHANGED <<vcpuAt, ioctlAt, migrationAt, dirtyBitmap, marked, spteWritable, inGuestMode, stale, vcpu, lock, snapshot, mask, qemu, mailboxes>>

LastRequest(v) ==
  /\ ioctlAt = "makeRequests" /\ toRequest = {v}
  /\ toRequest' = {}
  /\ tlbFlushRequest' = tlbFlushRequest \cup {v}
  /\ UNCHANGED <<migrationAt, dirtyBitmap, marked, spteWritable, inGuestMode, stale, vcpu, snapshot, mask, qemu, ipiAck, pause, paused>>

(* What follows the last request: IPIs to those who were in guest mode, or where there are none, the release of mmu_lock. *)
SendIpis(v) ==
  /\ LastRequest(v) /\ cpus \cup (inGuestMode \cap {v}) # {}
  /\ cpus' = cpus \cup (inGuestMode \cap {v})
  /\ ipi' = ipi \cup cpus \cup (inGuestMode \cap {v})
  /\ ioctlAt' = "awaitAcks"
  /\ UNCHANGED <<vcpuAt, lock>>

SendNoIpis(v) ==
  /\ LastRequest(v) /\ cpus = {} /\ v \notin inGuestMode
  /\ Unlock(vcpuAt, "copyToUser")
  /\ UNCHANGED <<cpus, ipi>>

TakeAck(v) ==
  /\ ioctlAt = "awaitAcks" /\ v \in ipiAck /\ cpus # {v}
  /\ ipiAck' = ipiAck \ {v}
  /\ cpus' = cpus \ {v}
  /\ UNCHANGED <<vcpuAt, ioctlAt, migrationAt, kernel, stale, vcpu, lock, snapshot, mask, toRequest, qemu, ipi, pause, paused>>

TakeLastAck(v) ==
  /\ ioctlAt = "awaitAcks" /\ v \in ipiAck /\ cpus = {v}
  /\ ipiAck' = ipiAck \ {v}
  /\ cpus' = {}
  /\ Unlock(vcpuAt, "copyToUser")
  /\ UNCHANGED <<migrationAt, kernel, stale, vcpu, snapshot, mask, toRequest, qemu, ipi, pause, paused>>

CopyToUser ==
  /\ ioctlAt = "copyToUser"
  /\ userBitmap' = snapshot
  /\ snapshot' = {}
  /\ ioctlAt' = "inUserspace"
  /\ migrationAt' = IF migrationAt = "syncing" THEN "merging" ELSE "lastMerge"
  /\ UNCHANGED <<vcpuAt, kernel, stale, vcpu, lock, mask, toRequest, cpus, bmap, running, due, mailboxes>>

-----------------------------------------------------------------------------
(* Migration, and the destination, which resumes where migration is completed *)

Unmarked == UNION {unmarked[v] : v \in Vcpus}

CallGetDirtyLog ==
  /\ due' = stale \ (bmap \cup Unmarked)
  /\ Lock(Handler, vcpuAt, "lockMmu")

SendPage(page) ==
  /\ migrationAt \in {"iterating", "completing"} /\ page \in bmap
  /\ bmap' = bmap \ {page}
  /\ stale' = stale \ {page}
  /\ migrationAt' = IF migrationAt = "completing" /\ bmap = {page} THEN "completed" ELSE migrationAt
  /\ UNCHANGED <<vcpuAt, ioctlAt, kernel, vcpu, lock, ioctl, userBitmap, running, due, mailboxes>>

Synchronise ==
  /\ migrationAt = "iterating"
  /\ migrationAt' = "syncing"
  /\ CallGetDirtyLog
  /\ UNCHANGED <<kernel, stale, vcpu, ioctl, userBitmap, bmap, running, mailboxes>>

MergeLog(goesTo) ==
  /\ bmap' = bmap \cup userBitmap
  /\ stale' = stale \cup userBitmap
  /\ userBitmap' = {}
  /\ migrationAt' = goesTo
  /\ UNCHANGED <<vcpuAt, ioctlAt, kernel, vcpu, lock, ioctl, running, due, mailboxes>>

Merge ==
  /\ migrationAt = "merging"
  /\ MergeLog("iterating")

Stop ==
  /\ migrationAt = "iterating"
  /\ migrationAt' = "pausing"
  /\ running' = Vcpus
  /\ pause' = Vcpus
  /\ UNCHANGED <<vcpuAt, ioctlAt, kernel, stale, vcpu, lock, ioctl, userBitmap, bmap, due, ipi, ipiAck, paused>>

NotePaused(v) ==
  /\ migrationAt = "pausing" /\ v \in paused /\ running # {v}
  /\ paused' = paused \ {v}
  /\ running' = running \ {v}
  /\ UNCHANGED <<vcpuAt, ioctlAt, migrationAt, kernel, stale, vcpu, lock, ioctl, userBitmap, bmap, due, ipi, ipiAck, pause>>

NoteLastPaused(v) ==
  /\ migrationAt = "pausing" /\ v \in paused /\ running = {v}
  /\ paused' = paused \ {v}
  /\ running' = {}
  /\ migrationAt' = "lastSync"
  /\ CallGetDirtyLog
  /\ UNCHANGED <<kernel, stale, vcpu, ioctl, userBitmap, bmap, ipi, ipiAck, pause>>

LastMerge ==
  /\ migrationAt = "lastMerge"
  /\ MergeLog(IF bmap \cup userBitmap = {} THEN "completed" ELSE "completing")

-----------------------------------------------------------------------------

Next ==
  \/ \E v \in Vcpus, page \in Pages : WritePage(v, page) \/ FillTlb(v, page) \/ PageFault(v, page) \/ EmulatedWrite(v, page)
  \/ \E v \in Vcpus :
       \/ MarkPageDirty(v) \/ SetSpte(v) \/ WriteGuestPage(v) \/ MarkWrite(v) \/ EnterGuest(v) \/ AckIpi(v) \/ Pause(v)
       \/ MakeRequest(v) \/ SendIpis(v) \/ SendNoIpis(v) \/ TakeAck(v) \/ TakeLastAck(v) \/ NotePaused(v) \/ NoteLastPaused(v)
  \/ LoadWord \/ LoadEmptyWord \/ XchgWord \/ WriteProtect \/ CopyToUser
  \/ \E page \in Pages : SendPage(page)
  \/ Synchronise \/ Merge \/ Stop \/ LastMerge

-----------------------------------------------------------------------------
(* The invariants of properties/*.ts, each for all pages at once *)

Unflushed(v) == IF v \in tlbFlushRequest /\ vcpuAt[v] # "inGuest" THEN {} ELSE tlb[v]
WritableUnseen == spteWritable \cup (UNION {Unflushed(v) : v \in Vcpus})
LogReturned == migrationAt \in {"merging", "lastMerge"}
Lockers ==
  {v \in Vcpus : vcpuAt[v] \in {"markPageDirty", "setSpte"}}
    \cup (IF ioctlAt \in {"loadWord", "xchgWord", "writeProtect", "makeRequests", "awaitAcks"} THEN {Handler} ELSE {})

FinalImage == migrationAt = "completed" => stale = {}
NoLostWrite == stale \subseteq bmap \cup userBitmap \cup snapshot \cup dirtyBitmap \cup Unmarked
LoggedOrProtected == WritableUnseen \subseteq dirtyBitmap \cup snapshot
SnapshotIsComplete == LogReturned => due = {}
AtomicBitmap == dirtyBitmap = marked
ProtectedOnReturn == LogReturned => userBitmap \cap WritableUnseen \subseteq dirtyBitmap
MutualExclusion == \A one, other \in Lockers : one = other

(* Something can happen, unless the destination has resumed. TLC's own search for deadlocks would take a step there, and count it. *)
NoDeadlock == migrationAt = "completed" \/ ENABLED Next

(* For a checker that has no ENABLED, but looks for deadlocks *)
Rest ==
  /\ migrationAt = "completed"
  /\ UNCHANGED <<vcpuAt, ioctlAt, migrationAt, kernel, stale, vcpu, lock, ioctl, qemu, mailboxes>>
NextOrRest == Next \/ Rest

Symmetry == Permutations(Vcpus)
=============================================================================
