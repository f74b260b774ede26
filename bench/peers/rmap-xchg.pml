/*
 * The design rmap-xchg (GET_DIRTY_LOG with xchg and rmap, Linux 3.5 and 3.6) in Promela, with the steps of machines/*.ts: one step of
 * precopy is one d_step, with what it sends by rendezvous (mmu_lock, ioctl calls, pages) and the eventless transitions that follow.
 *
 * A process has one control point, its do loop; where an actor is, is a variable. So process counters add no states, and without
 * partial order reduction SPIN stores exactly the states that precopy finds distinct. The one exception takes the place of a variable:
 * migration leaves its loop in the step in which the destination resumes, and only there is it right that nothing can happen.
 *
 * Left out is what is constant in this design at one word a bitmap (memslots and the second bitmap, SRCU, the index of the word), and
 * is_dirty, which then says no more than whether the snapshot is empty.
 * A bitmap of pages is a byte, and so is one of vCPUs; a mailbox is the bitmap of those who have a message there (to or from them).
 */
#ifndef VCPUS
#define VCPUS 2
#endif
#ifndef PAGES
#define PAGES 2
#endif
#ifndef EMULATING
#define EMULATING 1		/* vCPUs 0 to EMULATING - 1 run instructions that KVM emulates */
#endif

#if VCPUS > 4 || PAGES > 4
#error "at most 4 vCPUs and 4 pages"
#endif

#define BIT(n)		(1 << (n))
#define ALL_VCPUS	(BIT(VCPUS) - 1)
#define ALL_PAGES	(BIT(PAGES) - 1)
#define HANDLER		VCPUS	/* as a holder of mmu_lock */

#if VCPUS == 1
#define ANY_VCPU(of)	(of(0))
#elif VCPUS == 2
#define ANY_VCPU(of)	(of(0) | of(1))
#elif VCPUS == 3
#define ANY_VCPU(of)	(of(0) | of(1) | of(2))
#else
#define ANY_VCPU(of)	(of(0) | of(1) | of(2) | of(3))
#endif

mtype = {
	/* vCPU */ inGuest, lockMmu, markPageDirty, setSpte, writeGuestPage, markWrite, enterGuest, inUserspace,
	/* GET_DIRTY_LOG, which is also at lockMmu and inUserspace */ loadWord, xchgWord, writeProtect, makeRequests, awaitAcks, copyToUser,
	/* migration */ iterating, syncing, merging, pausing, lastSync, lastMerge, completing, completed
};

mtype vcpuAt[VCPUS] = inGuest;
mtype ioctlAt = inUserspace;
mtype migrationAt = iterating;

/* shared memory of the kernel, and the guest's */
byte dirtyBitmap;
byte spteWritable;
byte inGuestMode = ALL_VCPUS;
byte tlbFlushRequest;
byte stale = ALL_PAGES;		/* pages that changed since their last copy to the destination, or are reported to have */

/* vCPUs */
byte tlb[VCPUS];
byte gfn[VCPUS];

/* mmu_lock: first come, first served */
bit held;
byte holder;
chan waiters = [VCPUS] of { byte };

/* GET_DIRTY_LOG */
byte snapshot;
byte mask;
byte toRequest;
byte cpus;

/* QEMU */
byte userBitmap;
byte bmap = ALL_PAGES;
byte running;
bit resumed;

/* mailboxes */
byte ipi;
byte ipiAck;
byte pause;
byte paused;

/* ghosts */
byte marked;
byte due;
byte unmarked[VCPUS];

#define UNMARKED(v)	unmarked[v]
#define UNFLUSHED(v)	((tlbFlushRequest & BIT(v)) && vcpuAt[v] != inGuest -> 0 : tlb[v])
#define LOCKED(v)	(vcpuAt[v] == markPageDirty || vcpuAt[v] == setSpte -> BIT(v) : 0)

#define WRITABLE_UNSEEN	(spteWritable | ANY_VCPU(UNFLUSHED))
#define IOCTL_LOCKED	(ioctlAt == loadWord || ioctlAt == xchgWord || ioctlAt == writeProtect || \
			 ioctlAt == makeRequests || ioctlAt == awaitAcks)
#define LOCKERS		(ANY_VCPU(LOCKED) | (IOCTL_LOCKED -> BIT(HANDLER) : 0))
#define LOG_RETURNED	(migrationAt == merging || migrationAt == lastMerge)

/* The invariants of properties/*.ts, each for all pages at once. */
inline check() {
	assert(!resumed || stale == 0);							/* final-image */
	assert(!(stale & ~(bmap | userBitmap | snapshot | dirtyBitmap | ANY_VCPU(UNMARKED))));	/* no-lost-write */
	assert(!(WRITABLE_UNSEEN & ~(dirtyBitmap | snapshot)));				/* logged-or-protected */
	assert(!LOG_RETURNED || !due);							/* snapshot-is-complete */
	assert(dirtyBitmap == marked);							/* atomic-bitmap */
	assert(!LOG_RETURNED || !(userBitmap & ~dirtyBitmap & WRITABLE_UNSEEN));	/* protected-on-return */
	assert(!(LOCKERS & (LOCKERS - 1)))						/* mutual-exclusion */
}

/* mmu_lock */

inline grant(who) {
	holder = who;
	if
	:: holder < VCPUS -> vcpuAt[holder] = markPageDirty
	:: else -> ioctlAt = loadWord
	fi
}

inline lock(who) {
	if
	:: held -> waiters!who
	:: else -> held = 1; grant(who)
	fi
}

inline unlock() {
	if
	:: nempty(waiters) -> waiters?holder; grant(holder)
	:: empty(waiters) -> held = 0; holder = 0
	fi
}

/* vCPU */

inline leaveGuestMode() {
	inGuestMode = inGuestMode & ~BIT(_pid)
}

inline mark() {
	dirtyBitmap = dirtyBitmap | BIT(gfn[_pid]);
	marked = marked | BIT(gfn[_pid])
}

inline write(page) {
	vcpuAt[_pid] == inGuest ->
	if
	:: tlb[_pid] & BIT(page) -> stale = stale | BIT(page)
	:: else ->
		if
		:: spteWritable & BIT(page) -> tlb[_pid] = tlb[_pid] | BIT(page)
		:: else -> gfn[_pid] = page; leaveGuestMode(); vcpuAt[_pid] = lockMmu; lock(_pid)
		fi
	fi;
	check()
}

inline emulatedWrite(page) {
	vcpuAt[_pid] == inGuest && _pid < EMULATING ->
	gfn[_pid] = page; leaveGuestMode(); vcpuAt[_pid] = writeGuestPage;
	check()
}

active [VCPUS] proctype vcpu()
{
end_idle:
	do
	:: d_step { write(0) }
	:: d_step { emulatedWrite(0) }
#if PAGES > 1
	:: d_step { write(1) }
	:: d_step { emulatedWrite(1) }
#endif
#if PAGES > 2
	:: d_step { write(2) }
	:: d_step { emulatedWrite(2) }
#endif
#if PAGES > 3
	:: d_step { write(3) }
	:: d_step { emulatedWrite(3) }
#endif
	:: d_step { vcpuAt[_pid] == markPageDirty -> mark(); vcpuAt[_pid] = setSpte; check() }
	:: d_step {
		vcpuAt[_pid] == setSpte ->
		spteWritable = spteWritable | BIT(gfn[_pid]); gfn[_pid] = 0; vcpuAt[_pid] = enterGuest; unlock();
		check()
	}
	:: d_step {
		vcpuAt[_pid] == writeGuestPage ->
		stale = stale | BIT(gfn[_pid]); unmarked[_pid] = unmarked[_pid] | BIT(gfn[_pid]); vcpuAt[_pid] = markWrite;
		check()
	}
	:: d_step {
		vcpuAt[_pid] == markWrite ->
		mark(); unmarked[_pid] = unmarked[_pid] & ~BIT(gfn[_pid]); gfn[_pid] = 0; vcpuAt[_pid] = enterGuest;
		check()
	}
	:: d_step {
		vcpuAt[_pid] == enterGuest ->
		if
		:: tlbFlushRequest & BIT(_pid) -> tlbFlushRequest = tlbFlushRequest & ~BIT(_pid); tlb[_pid] = 0
		:: else
		fi;
		inGuestMode = inGuestMode | BIT(_pid); vcpuAt[_pid] = inGuest;
		check()
	}
	:: d_step {
		ipi & BIT(_pid) ->
		ipi = ipi & ~BIT(_pid); ipiAck = ipiAck | BIT(_pid);
		if
		:: vcpuAt[_pid] == inGuest -> leaveGuestMode(); vcpuAt[_pid] = enterGuest
		:: else
		fi;
		check()
	}
	:: d_step {
		(pause & BIT(_pid)) && (vcpuAt[_pid] == inGuest || vcpuAt[_pid] == enterGuest) ->
		pause = pause & ~BIT(_pid); leaveGuestMode(); vcpuAt[_pid] = inUserspace; paused = paused | BIT(_pid);
		check()
	}
	od
}

/* GET_DIRTY_LOG */

inline afterWord() {
	if
	:: mask == 0 -> toRequest = ALL_VCPUS; ioctlAt = makeRequests
	:: else -> ioctlAt = writeProtect
	fi
}

inline afterAck() {
	if
	:: cpus == 0 -> ioctlAt = copyToUser; unlock()
	:: else -> ioctlAt = awaitAcks
	fi
}

inline makeRequest(v) {
	ioctlAt == makeRequests && (toRequest & BIT(v)) ->
	toRequest = toRequest & ~BIT(v); tlbFlushRequest = tlbFlushRequest | BIT(v); cpus = cpus | (inGuestMode & BIT(v));
	if
	:: toRequest == 0 -> ipi = ipi | cpus; afterAck()
	:: else
	fi;
	check()
}

inline takeAck(v) {
	ioctlAt == awaitAcks && (ipiAck & BIT(v)) ->
	ipiAck = ipiAck & ~BIT(v); cpus = cpus & ~BIT(v); afterAck();
	check()
}

active proctype getDirtyLog()
{
end_idle:
	do
	:: d_step {
		ioctlAt == loadWord ->
		if
		:: dirtyBitmap == 0 -> ioctlAt = copyToUser; unlock()
		:: else -> ioctlAt = xchgWord
		fi;
		check()
	}
	:: d_step {
		ioctlAt == xchgWord ->
		snapshot = dirtyBitmap; mask = dirtyBitmap; due = due & ~mask; dirtyBitmap = 0; marked = 0; afterWord();
		check()
	}
	:: d_step {
		ioctlAt == writeProtect ->
		spteWritable = spteWritable & ~(mask & -mask); mask = mask & (mask - 1); afterWord();
		check()
	}
	:: d_step { makeRequest(0) }
	:: d_step { takeAck(0) }
#if VCPUS > 1
	:: d_step { makeRequest(1) }
	:: d_step { takeAck(1) }
#endif
#if VCPUS > 2
	:: d_step { makeRequest(2) }
	:: d_step { takeAck(2) }
#endif
#if VCPUS > 3
	:: d_step { makeRequest(3) }
	:: d_step { takeAck(3) }
#endif
	:: d_step {
		ioctlAt == copyToUser ->
		userBitmap = snapshot; snapshot = 0; ioctlAt = inUserspace;
		migrationAt = (migrationAt == syncing -> merging : lastMerge);
		check()
	}
	od
}

/* Migration, and the destination */

inline callGetDirtyLog() {
	due = stale & ~bmap & ~ANY_VCPU(UNMARKED);
	ioctlAt = lockMmu; lock(HANDLER)
}

inline mergeLog() {
	bmap = bmap | userBitmap; stale = stale | userBitmap; userBitmap = 0
}

inline sendPage(page) {
	bmap = bmap & ~BIT(page); stale = stale & ~BIT(page)
}

inline resume() {
	migrationAt = completed; resumed = 1
}

inline send(page) {
	(bmap & BIT(page)) && (migrationAt == iterating || migrationAt == completing && bmap != BIT(page)) ->
	sendPage(page);
	check()
}

inline sendLast(page) {
	migrationAt == completing && bmap == BIT(page) ->
	sendPage(page); resume();
	check()
}

inline notePaused(v) {
	migrationAt == pausing && (paused & BIT(v)) ->
	paused = paused & ~BIT(v); running = running & ~BIT(v);
	if
	:: running == 0 -> migrationAt = lastSync; callGetDirtyLog()
	:: else
	fi;
	check()
}

active proctype migration()
{
	do
	:: d_step { send(0) }
	:: d_step { sendLast(0) } -> break
#if PAGES > 1
	:: d_step { send(1) }
	:: d_step { sendLast(1) } -> break
#endif
#if PAGES > 2
	:: d_step { send(2) }
	:: d_step { sendLast(2) } -> break
#endif
#if PAGES > 3
	:: d_step { send(3) }
	:: d_step { sendLast(3) } -> break
#endif
	:: d_step { migrationAt == iterating -> migrationAt = syncing; callGetDirtyLog(); check() }
	:: d_step { migrationAt == merging -> mergeLog(); migrationAt = iterating; check() }
	:: d_step { migrationAt == iterating -> migrationAt = pausing; running = ALL_VCPUS; pause = ALL_VCPUS; check() }
	:: d_step { notePaused(0) }
#if VCPUS > 1
	:: d_step { notePaused(1) }
#endif
#if VCPUS > 2
	:: d_step { notePaused(2) }
#endif
#if VCPUS > 3
	:: d_step { notePaused(3) }
#endif
	:: d_step { migrationAt == lastMerge && (bmap | userBitmap) -> mergeLog(); migrationAt = completing; check() }
	:: d_step { migrationAt == lastMerge && !(bmap | userBitmap) -> mergeLog(); resume(); check() } -> break
	od;
end_resumed:
	false
}
